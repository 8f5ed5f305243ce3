#!/bin/sh
# Train, export and measure the embedded model: sh make.sh [millions of tokens]
set -e
cd "$(dirname "$0")"
python shards.py --count "$(( ${1:-20} * 7 + 3 ))"
python train.py --tokens "${1:-20}e6"
python export.py --weights average
python evaluate.py --count 400 --same 20

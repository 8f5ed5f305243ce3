#!/bin/sh
# Train, export and measure the embedded model: sh make.sh [minutes]
set -e
cd "$(dirname "$0")"
python train.py --minutes "${1:-45}"
python export.py
python evaluate.py --count 400 --same 20

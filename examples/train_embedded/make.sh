#!/bin/sh
# Train, export and measure the embedded model: sh make.sh [millions of tokens] [cpu or cuda]
set -e
cd "$(dirname "$0")"
test -e work/dictionary.json || python dictionary.py
test -e work/opinions.json || python opinions.py
test -e work/industries.json || python industries.py
test -e work/vectors.npz || python vectors.py # 118 MB are fetched
test -e work/sentences.npz || python sentences.py # 84 MB are fetched
python shards.py --count 1 # the tokenizer, and Faker's names
cores=$(nproc)
for part in $(seq 0 $((cores - 1))); do
  python shards.py --count "$(( ${1:-20} * 7 + 3 ))" --part "$part/$cores" &
done
wait
python train.py --tokens "${1:-20}e6" --device "${2:-cpu}" --fall 0.55
python export.py --weights average
python evaluate.py --count 400 --same 20

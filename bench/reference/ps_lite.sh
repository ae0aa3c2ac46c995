#!/bin/sh
# ps_lite.sh PS_LITE FLOATS SECONDS: round trips per second of ps-lite, from a checkout of its sources. Needs g++, protoc, the headers of protobuf and zmq.
set -e
here=$(cd "$(dirname "$0")" && pwd)
program=$1/build/round_trip
if [ ! -x "$program" ]; then
    mkdir -p "$1/build"
    (cd "$1/src" && protoc --cpp_out=. meta.proto)
    g++ -std=c++17 -O3 -march=native -w -I"$1/include" -I"$1/src" -o "$program" "$here/ps_lite.cc" \
        "$1/src/customer.cc" "$1/src/postoffice.cc" "$1/src/van.cc" "$1/src/meta.pb.cc" -lzmq -lprotobuf -pthread >&2
fi

export DMLC_NUM_SERVER=1 DMLC_NUM_WORKER=1 DMLC_PS_ROOT_URI=127.0.0.1 DMLC_PS_ROOT_PORT=$((20000 + $$ % 20000)) DMLC_NODE_HOST=127.0.0.1
DMLC_ROLE=scheduler "$program" "$2" "$3" >/dev/null &
DMLC_ROLE=server "$program" "$2" "$3" >/dev/null &
DMLC_ROLE=worker "$program" "$2" "$3"
wait

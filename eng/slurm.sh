#!/usr/bin/env bash
# A Slurm of one's own on this machine, for tests: no service, no root needed beyond what Slurm
# itself asks for, nothing outside one folder, only loopback.
#
#   eng/slurm.sh start FOLDER [NODES]   starts it; prints the configuration's path (SLURM_CONF)
#   eng/slurm.sh stop FOLDER            ends it
#
# Needs Debian's packages slurm-wlm and munge. Exit code 3: they are not there.
set -euo pipefail

if [ $# -lt 2 ]; then
  sed -n '2,9p' "$0" >&2
  exit 64
fi

folder=$(realpath -m "$2")

# By the ids in the folder's own pid files, and only while these are what they were.
end() {
  for name in slurmctld $(cd "$folder" 2>/dev/null && ls -d n[0-9]* 2>/dev/null) munged; do
    local file="$folder/$name.pid"
    [ -f "$file" ] || continue
    local process
    process=$(cat "$file")
    if grep -qaF "$folder/" "/proc/$process/cmdline" 2>/dev/null; then
      kill "$process" 2>/dev/null || true
      for _ in $(seq 100); do
        kill -0 "$process" 2>/dev/null || break
        sleep 0.1
      done
      kill -9 "$process" 2>/dev/null || true
    fi
    rm -f "$file"
  done
}

if [ "$1" = stop ]; then
  end
  exit 0
fi

for program in slurmctld slurmd munged mungekey scontrol; do
  if ! PATH="$PATH:/usr/sbin" command -v "$program" >/dev/null; then
    echo "$program is not there; Debian has it in slurm-wlm and munge." >&2
    exit 3
  fi
done

PATH="$PATH:/usr/sbin"
nodes=${3:-2}
mkdir -p "$folder"
chmod 700 "$folder"

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null ||
    perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport, "\n"'
}

[ -f "$folder/munge.key" ] || mungekey --create --keyfile "$folder/munge.key"
munged --force --key-file "$folder/munge.key" --socket "$folder/munge.socket" --pid-file "$folder/munged.pid" \
  --log-file "$folder/munged.log" --seed-file "$folder/munge.seed" --num-threads 2

cpus=$(nproc)
memory=$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
{
  cat <<CONF
ClusterName=own
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$folder/munge.socket,cred_expire=5
SlurmctldPort=$(free_port)
SlurmctldPidFile=$folder/slurmctld.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdPidFile=$folder/%n.pid
SlurmdLogFile=$folder/%n.log
SlurmdSpoolDir=$folder/%n
StateSaveLocation=$folder/state
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
SlurmdParameters=config_overrides
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
SlurmdTimeout=20
KillWait=20
MinJobAge=300
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_min_interval=200000,bf_interval=3
MaxArraySize=1001
CONF
  # More processors than there are, so that several tasks run at once whatever the machine.
  for node in $(seq "$nodes"); do
    echo "NodeName=n$node NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$(free_port) CPUs=$((cpus > 4 ? cpus : 4)) RealMemory=$memory"
  done
  echo "PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO"
} > "$folder/slurm.conf"
mkdir -p "$folder/state"
export SLURM_CONF=$folder/slurm.conf

slurmctld -f "$SLURM_CONF"
for node in $(seq "$nodes"); do
  mkdir -p "$folder/n$node"
  slurmd -f "$SLURM_CONF" -N "n$node"
done

for _ in $(seq 300); do
  if [ "$(sinfo -h -o '%T %D' 2>/dev/null)" = "idle $nodes" ]; then
    echo "$SLURM_CONF"
    exit 0
  fi
  sleep 0.1
done
echo "Slurm does not come up; see $folder/*.log." >&2
sinfo >&2 || true
exit 1

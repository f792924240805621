"""Runs a command and prints what it and all its descendants used, as JSON: measure.py LOG COMMAND [ARGUMENT ...]

LOG takes the command's output. CPU seconds are user plus system time of every process, counted when it is reaped: as
a subreaper this process also inherits those whose parents did not wait for them, such as Spark's JVM. The disk is
synced before the clock starts; the clock stops when the command itself ends.
"""
import ctypes
import json
import os
import subprocess
import sys
import threading
import time

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_SECONDS = 0.2


def descendants(pid):
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as file:
            for child in file.read().split():
                yield child
                yield from descendants(child)


def proportional_set(pid):
    """Bytes of one process, with memory shared by n processes counted as an n-th."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))


def sample_sum():
    try:
        family = list(descendants(os.getpid()))
        # The kernel keeps the peak of a single process by itself.
        return sum(map(proportional_set, family)) if len(family) > 1 else 0
    except (OSError, StopIteration):
        return 0


def sample(stop, peaks):
    while not stop.wait(SAMPLE_SECONDS):
        peaks.append(sample_sum())


def main(log, command):
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    unit = 1 if sys.platform == "darwin" else 1024
    os.sync()
    cpu, status, wall, peaks, stop = 0.0, 1, 0.0, [0], threading.Event()
    with open(log, "wb") as output:
        began = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    threading.Thread(target=sample, args=(stop, peaks), daemon=True).start()
    while True:
        try:
            pid, state, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        cpu += usage.ru_utime + usage.ru_stime
        peaks.append(usage.ru_maxrss * unit)
        if pid == child.pid:
            status, wall = os.waitstatus_to_exitcode(state), time.monotonic() - began
    stop.set()
    child.returncode = status
    json.dump({"status": status, "cpuSeconds": cpu, "wallSeconds": wall, "peakBytes": max(peaks)}, sys.stdout)


main(sys.argv[1], sys.argv[2:])

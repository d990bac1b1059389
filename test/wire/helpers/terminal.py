"""Runs a command on a terminal of its own that is read slowly. Arguments: bytes per second, "all" or "stderr" (what is on
the terminal), its columns (0: nobody set its size), and the command. SIGINT and SIGTERM go to the command. Once stdin ends, everything is read at once. What the terminal showed
goes to the file descriptor 3; the exit code is the command's."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

rate, on_terminal, columns, command = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:]
master, slave = pty.openpty()
if columns > 0:
    termios.tcsetwinsize(slave, (24, columns))
child = subprocess.Popen(
    command,
    stdin=subprocess.DEVNULL,
    stdout=slave if on_terminal == "all" else None,
    stderr=slave,
    start_new_session=True,
)
os.close(slave)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, _: child.send_signal(number))

is_hurried = False
while True:
    is_over = child.poll() is not None
    if not is_hurried and select.select([0], [], [], 0)[0] and not os.read(0, 4096):
        is_hurried = True
    if rate > 0 or is_hurried or is_over:
        if select.select([master], [], [], 0)[0]:
            try:
                shown = os.read(master, 65536 if is_hurried or is_over else max(rate // 10, 1))
            except OSError:
                break
            os.write(3, shown)
            if is_hurried or is_over:
                continue
        elif is_over:
            break
    time.sleep(0.1)
sys.exit(child.returncode if child.returncode >= 0 else 128 - child.returncode)

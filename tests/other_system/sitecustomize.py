"""Takes away from `os` and `signal` what Windows (and partly macOS) has not, and the modules that only Unix has.

What the standard library itself was built to need here is loaded before, or stays: `fcntl` (our lock asks
`sys.platform` which module it takes), `statvfs` and `sendfile` (shutil), SIGHUP (Granian), SIGKILL (subprocess).
"""

import asyncio
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import platformdirs.unix

LOADED = (asyncio, multiprocessing, platformdirs, shutil, socket, subprocess, tempfile)

MODULES = ("grp", "pty", "pwd", "resource", "syslog", "termios", "tty")

OF_OS = """
    O_CLOEXEC O_DIRECTORY O_DSYNC O_NOATIME O_NOFOLLOW O_NONBLOCK O_PATH O_SYNC RWF_HIPRI RWF_NOWAIT RWF_SYNC
    chown chroot copy_file_range ctermid fchdir fchmod fchown fdatasync forkpty getegid geteuid getgid
    getloadavg getpgid getpriority getsid getuid killpg lchown lockf memfd_create mkfifo mknod nice openpty
    posix_fadvise posix_fallocate posix_spawnp pread preadv pwrite pwritev sched_getaffinity
    sched_setscheduler setpgid setpriority setsid splice sync tcgetpgrp uname wait3 wait4
"""

OF_SIGNAL = """
    SIGALRM SIGCONT SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH
"""

for name in MODULES:
    sys.modules.pop(name, None)
    sys.modules[name] = None  # type: ignore[assignment]  # how the language says: importing it fails
for name in OF_OS.split():
    delattr(os, name)
for name in OF_SIGNAL.split():
    delattr(signal, name)
for calls in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
    calls.clear()

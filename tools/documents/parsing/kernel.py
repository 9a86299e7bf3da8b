"""What Linux itself enforces on the parsing process, machine code included: no sockets, no programs, no other files.

Law: says what holds; a kernel that cannot do it is no error.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Sequence

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | errno.EPERM
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Machine -> its column in _CALLS, and the kernel's number for it."""
_FOREIGN_CALLS = 0x40000000  # x32, a second numbering on x86_64

# Calls that reach out of the process: their numbers on x86_64 and on aarch64.
_CALLS = {
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "sendto": (44, 206),
    "sendmsg": (46, 211), "io_uring_setup": (425, 425), "clone": (56, 220), "clone3": (435, 435), "fork": (57, 220),
    "vfork": (58, 220), "execve": (59, 221), "execveat": (322, 281), "kill": (62, 129), "tkill": (200, 130),
    "tgkill": (234, 131), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "memfd_create": (319, 279), "shmget": (29, 194),
    "msgget": (68, 186), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280),
    "userfaultfd": (323, 282), "perf_event_open": (298, 241), "mount": (165, 40), "unshare": (272, 97),
    "setns": (308, 268), "reboot": (169, 142), "init_module": (175, 105), "finit_module": (313, 273),
}  # fmt: skip

_CREATE_RULESET, _ADD_RULE, _RESTRICT = 444, 445, 446
_FILE_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_RIGHTS, _SCOPES = 0b11, 0b11
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3


def close_files(readable: Sequence[str]) -> bool:
    """Landlock: from here on nothing is opened, run or written, but for reading below `readable`."""
    if sys.platform != "linux" or not _no_new_privileges():
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    rights = next(found for since, found in sorted(_FILE_RIGHTS_BY_VERSION.items(), reverse=True) if version >= since)
    told = struct.pack("QQQ", rights, _TCP_RIGHTS if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = libc.syscall(_CREATE_RULESET, told, size, 0)
    if rules < 0:
        return False
    for folder in readable:
        place = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        libc.syscall(_ADD_RULE, rules, 1, struct.pack("=Qi", _READ_FILE | _READ_FOLDER, place), 0)
        os.close(place)
    closed = bool(libc.syscall(_RESTRICT, rules, 0) == 0)
    os.close(rules)
    return closed


def close_network() -> bool:
    """A seccomp filter: the calls that make sockets, processes and programs answer EPERM from here on."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _ARCHITECTURES or not _no_new_privileges():
        return False
    column, architecture = _ARCHITECTURES[machine]
    program = _filter(architecture, sorted({numbers[column] for numbers in _CALLS.values()}))
    buffer = ctypes.create_string_buffer(program)
    described = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, described, 0, 0) == 0)


def _no_new_privileges() -> bool:
    return bool(ctypes.CDLL(None, use_errno=True).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0)


def _filter(architecture: int, calls: Sequence[int]) -> bytes:
    """Classic BPF over `struct seccomp_data` (number at 0, architecture at 4); jumps count from the next step."""
    deny = len(calls) + 5
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 0, deny - 2, architecture), (_LOAD, 0, 0, 0)]
    steps.append((_AT_LEAST, deny - 4, 0, _FOREIGN_CALLS))
    steps += [(_EQUAL, deny - at - 1, 0, number) for at, number in enumerate(calls, 4)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _DENY)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)

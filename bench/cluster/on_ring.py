#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program in node 1 of a ring of three real Corosync daemons. usage: on_ring.py PROGRAM [ARG...]

The program finds ring.py in STOREMARK_RING_PROGRAM. 77: no ring can be made on this machine.
"""
import os
import pathlib
import sys

ring = str(pathlib.Path(__file__).resolve().parents[2] / "examples" / "ring" / "ring.py")
os.environ["STOREMARK_RING_PROGRAM"] = ring
os.execv(ring, [ring, "run", "--", ring, "exec", "1", "--", *sys.argv[1:]])

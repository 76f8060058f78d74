# SPDX-License-Identifier: Apache-2.0
# The library's sources, relative to this directory. Named one by one, so that a file cannot slip in
# or out unseen.
set(STOREMARK_SOURCES
  io/async_read.cpp
  io/filesystem.cpp
  io/posix_directory.cpp
  io/posix_file.cpp
  journal/adopt.cpp
  journal/codec.cpp
  journal/core.cpp
  journal/create.cpp
  journal/environment.cpp
  journal/examine.cpp
  journal/explanations.cpp
  journal/gate.cpp
  journal/heal.cpp
  journal/interval_writer.cpp
  journal/io_errors.cpp
  journal/journal.cpp
  journal/legal_images.cpp
  journal/names.cpp
  journal/open.cpp
  journal/operator.cpp
  journal/permit_handles.cpp
  journal/permits.cpp
  journal/recovery.cpp
  journal/repair.cpp
  journal/sections.cpp
  journal/sequence.cpp
  journal/slot_file.cpp
  journal/store_facts.cpp
  journal/transition.cpp
  journal/utf8.cpp
  journal/uuid.cpp
  journal/view_change.cpp
  journal/word_log.cpp
)

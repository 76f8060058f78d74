// SPDX-License-Identifier: Apache-2.0
// Nothing: CMake needs a file to which a precompiled header belongs (CMakeLists.txt beside it).

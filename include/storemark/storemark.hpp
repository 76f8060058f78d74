// SPDX-License-Identifier: Apache-2.0
// All of the library.
#pragma once

#include <storemark/driver.hpp>
#include <storemark/examine.hpp>
#include <storemark/group.hpp>
#include <storemark/journal.hpp>
#include <storemark/local_group.hpp>
#include <storemark/operator.hpp>
#include <storemark/restart.hpp>
#include <storemark/version.hpp>

// SPDX-License-Identifier: Apache-2.0
// The stores of a plan held against each other: which is the latest, what one lacks of another.
// Members are named by their index in Scenario::members. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/plan.hpp"

namespace storemark::cli {

/// Those with data that the cluster may go on from.
[[nodiscard]] std::vector<std::size_t> holders(const Plan& plan);

[[nodiscard]] Comparison compare(const Plan& plan, std::size_t a, std::size_t b);

/// The one that surely holds all that the others hold; of equal ones that which the printed command
/// names.
[[nodiscard]] std::optional<std::size_t> proven_latest(const Plan& plan,
                                                       const std::vector<std::size_t>& all);
/// By number; of equal ones the same.
[[nodiscard]] std::size_t highest(const Plan& plan, const std::vector<std::size_t>& all);

/// What the others have, or may have, that the chosen one has not; empty where that is nothing.
[[nodiscard]] std::string beyond_all(const Plan& plan, const std::vector<std::size_t>& all,
                                     std::size_t chosen);

/// The first few, and how many there are beside them.
[[nodiscard]] std::string some_of(std::vector<std::string> items);

}  // namespace storemark::cli

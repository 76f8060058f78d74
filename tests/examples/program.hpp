// SPDX-License-Identifier: Apache-2.0
// Runs the real store_module in data directories of its own.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <random>
#include <storemark/storemark.hpp>
#include <string>
#include <vector>

#include "message_store.hpp"

namespace store_module {

struct Finished {
  int status =
      -1;  ///< what it exited with; 128 and the signal if it was killed, as a shell says it
  std::string out;
  std::string err;
  [[nodiscard]] bool says(const std::string& text) const {
    return err.find(text) != std::string::npos;
  }
};

/// A running store_module. Killed at the end of its life, if it was not waited for.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void send(int signal) const;
  [[nodiscard]] Finished wait();

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

[[nodiscard]] inline Finished run(const std::vector<std::string>& arguments) {
  return Program(arguments).wait();
}

constexpr const char* cluster = "6f1d9a1e-3c0b-4d7e-9a55-0c2f4b8e7d11";
constexpr const char* other_cluster = "0e7a4c52-91d3-4f06-8b1c-5d2e6f7a8b90";
constexpr const char* shutdown_1 = "11111111-1111-4111-8111-111111111111";
constexpr const char* shutdown_2 = "22222222-2222-4222-8222-222222222222";

/// A temporary directory, a text in it, and data directories "a", "b", ... on demand.
class StoreModuleTest : public testing::Test {
 protected:
  StoreModuleTest();
  ~StoreModuleTest() override;

  /// Writes the text and remembers its lines.
  void make_text(int lines);
  /// A file of the first lines of the text.
  [[nodiscard]] std::string head_of_text(std::size_t lines) const;
  /// The data directory of this name, made if it is missing.
  [[nodiscard]] std::string store(const std::string& name) const;
  /// Founds the store and takes in the first lines; left dirty, or clean with a final UUID.
  void fill(const std::string& name, std::size_t lines, const std::string& final = "") const;
  /// The directory of a copy of the store: quicker than filling another one.
  [[nodiscard]] std::string copy_of(const std::string& name, int number) const;

  [[nodiscard]] static Head head(const std::string& directory);
  [[nodiscard]] static storemark::Verdict verdict(const std::string& directory);
  /// Waits until a running store_module has so many messages in its store.
  void wait_until_held(const std::string& directory, std::uint64_t messages);
  /// The store holds a prefix of the text, and the journal alone says no more than that.
  void expect_prefix_within_claims(const std::string& directory) const;

  void expect_prefix(const MessageStore& store) const;

  [[nodiscard]] std::string text() const { return root_ / "text"; }
  void pause(std::chrono::microseconds most);

  std::filesystem::path root_;
  std::vector<std::string> lines_;
  unsigned seed_ = std::random_device{}();
  std::mt19937 random_{seed_};
};

}  // namespace store_module

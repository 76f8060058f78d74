// SPDX-License-Identifier: Apache-2.0
// Runs the real tool.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace storemark::cli_test {

struct Ran {
  int status = -1;  ///< what it exited with; 128 and the signal if it was killed
  std::string out;
  std::string err;

  [[nodiscard]] bool says(const std::string& text) const {
    return out.find(text) != std::string::npos;
  }
  /// The same, wherever the lines were broken.
  [[nodiscard]] bool says_in_words(const std::string& text) const;
  [[nodiscard]] bool complains(const std::string& text) const {
    return err.find(text) != std::string::npos;
  }
  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(out); }
};

struct Setting {
  std::vector<std::string> environment;  ///< "NAME=VALUE"; nothing else is inherited but PATH
  bool terminal = false;                 ///< stdout is one
  std::string out_to;                    ///< a file for stdout; what it says is then not read
  unsigned short columns = 0;            ///< of the terminal; 0: it does not say
};

[[nodiscard]] Ran run_tool(const std::vector<std::string>& arguments, const Setting& setting = {});

/// Runs a command line that the tool printed, through a shell, as a person would type it; the word
/// "storemark" is the tool under test.
[[nodiscard]] Ran type(const std::string& command_line);

}  // namespace storemark::cli_test

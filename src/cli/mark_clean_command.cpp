// SPDX-License-Identifier: Apache-2.0
// storemark mark-clean
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "cli/compare.hpp"
#include "cli/gather.hpp"
#include "cli/options.hpp"
#include "cli/who.hpp"
#include "cli/word.hpp"

namespace storemark::cli {
namespace {

struct MarkOptions {
  std::string directory;
  std::string rsh = default_rsh;
  std::vector<std::string> compared;
  std::optional<Stamp> as_seen;
  MarkRequest request;
  std::vector<std::string> remarks;  ///< to be made once it is done
  Format format = Format::table;
};

constexpr const char* mark_clean_footer =
    "Says that the cluster goes on from this store. It is the one manual step after all brokers\n"
    "crashed: plan, then type the command that the plan shows. The journal is backed up beside "
    "itself,\n"
    "who, when and why go to storemark.audit, and storemark undo takes the mark back until the "
    "broker\n"
    "next activates.\n"
    "\n"
    "STORE@SEEN is a store as the plan saw it: SEQUENCE.GENERATION.DIGEST, or the sequence alone. "
    "A\n"
    "store of which any record was written since is refused (9), and so is the marked one itself, "
    "by\n"
    "--as-seen. Without @SEEN it is compared as it stands now.\n"
    "\n"
    "Exit status: 0 marked; 1 failure, also a compared store that cannot be reached; 2 asked "
    "wrongly;\n"
    "5 a compared store is of another cluster, or the same member; 6 one is damaged; 7 one is in "
    "use;\n"
    "8 refused: not dirty, or unproven without --accept-at-least; 9 a store is not as it was seen: "
    "plan\n"
    "again.";

/// As a directory or file may be called; what was seen, if that is no name.
StampedName typed_name(const std::string& text) {
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(text, error))) return {text, {}};
  return parse_stamped(text);
}

/// The stores after --compared, each looked at once, and each as it was seen.
tl::expected<std::vector<Store>, Refusal> look_at_compared(const MarkOptions& options) {
  std::vector<Store> out;
  for (const std::string& text : options.compared) {
    ComparedName name{typed_name(text), {}};
    auto now = look_at({name.typed.store}, options.rsh);
    if (!now) return tl::unexpected<Refusal>({now.error(), exit_status(now.error().code)});
    name.now = std::move(*now);
    if (auto same = check_unchanged(name); !same) return tl::unexpected(same.error());
    add_once(out, std::move(name.now));
  }
  return out;
}

/// Whether the store itself is as it was seen; what cannot be read is refused by the library.
tl::expected<void, Refusal> check_itself(MarkOptions& options, const Store& chosen) {
  if (!options.as_seen || !is_readable(chosen) || chosen.seen->in_use) return {};
  if (auto same = check_unchanged({{options.directory, options.as_seen}, {chosen}}); !same) {
    return same;
  }
  options.request.if_generation = options.as_seen->generation;
  return {};
}

/// Fills in what the store is compared with.
tl::expected<void, Refusal> fill_compared(MarkOptions& options) {
  const Store chosen = look_at_directory(options.directory);
  if (!chosen.seen) {
    return tl::unexpected<Refusal>({chosen.seen.error(), exit_status(chosen.seen.error().code)});
  }
  if (auto same = check_itself(options, chosen); !same) return same;
  if (options.compared.empty()) {
    options.remarks.emplace_back("it was compared with no other store: --compared names them");
    return {};
  }
  // What has no record is refused by the library, by name.
  if (!chosen.seen->verdict.record) return {};
  auto others = look_at_compared(options);
  if (!others) return tl::unexpected(others.error());
  auto comparison = compare(chosen, *others);
  if (!comparison) return tl::unexpected(comparison.error());
  options.remarks = std::move(comparison->remarks);
  options.request.compared = std::move(comparison->compared);
  return {};
}

ExitStatus run_mark_clean(MarkOptions& options) {
  if (auto filled = fill_compared(options); !filled) {
    report(filled.error().error);
    return filled.error().status;
  }
  options.request.who = who_is_asking();
  const auto given = mark_clean(options.directory, options.request);
  const ExitStatus status = tell("mark-clean", options.directory, given, options.format);
  if (given) {
    for (const std::string& text : options.remarks) remark(text);
  }
  return status;
}

}  // namespace

void add_mark_clean(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<MarkOptions>();
  CLI::App& command = add_command(
      app, chosen, "mark-clean", "the one manual step: the cluster goes on from this store",
      mark_clean_footer, [options] { return run_mark_clean(*options); });
  add_directory(command, options->directory);
  add_word(command, options->request.if_sequence, options->request.reason);
  add_texts(command,
            {"--compared", "STORE[@SEEN]",
             "the cluster's other stores: they are examined, and the mark says so"},
            options->compared);
  const auto take_seen = [into = options.get()](const std::string& word) {
    into->as_seen = parse_stamp(word);
    if (!into->as_seen || !into->as_seen->digest) {
      refuse_word("--as-seen", fmt::format("\"{}\" is not what plan prints, 302.7.9f31c2aa", word));
    }
  };
  add_word_for(command,
               {"--as-seen", "SEEN", "refused if any record was written since this was seen"},
               take_seen);
  add_flag(command, "--accept-at-least", options->request.accept_at_least,
           "mark it though its sequence is not proven");
  add_rsh(command, options->rsh);
  add_format(command, options->format);
}

}  // namespace storemark::cli

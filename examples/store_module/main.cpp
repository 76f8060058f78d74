// SPDX-License-Identifier: Apache-2.0
// A store and its journal, joined: what a broker's store module does.
//
//   1. open the store, and ask it what it holds        facts_of
//   2. open the journal with what the store said       Journal::open
//   3. the cluster's UUID, at the first start          found
//   4. only now may the store be written               activate
//   5. for each event: reserve, commit, note           take_in
//   6. an administrative shutdown: sync, mark clean    finish
//
// Killed anywhere, the journal never claims more than the store holds.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <storemark/storemark.hpp>
#include <string>
#include <utility>
#include <variant>

#include "line_source.hpp"
#include "local_view.hpp"
#include "message_store.hpp"
#include "must.hpp"
#include "options.hpp"
#include "update.hpp"

namespace store_module {
namespace {

using storemark::Journal;
using storemark::StoreContent;
using storemark::StoreFacts;
using storemark::StoreTag;
using storemark::Verdict;
using storemark::WritePermit;

template <class... Args>
void say(const Options& options, fmt::format_string<Args...> text, Args&&... args) {
  fmt::print(stderr, "store_module: {}: {}\n", name_of(options.directory),
             fmt::format(text, std::forward<Args>(args)...));
}

std::string describe(const Verdict& verdict) {
  if (verdict.diagnosis != storemark::Diagnosis::none) {
    return std::string(to_string(verdict.diagnosis));
  }
  std::string range = std::to_string(verdict.floor);
  if (verdict.ceiling != verdict.floor) range += " to " + std::to_string(verdict.ceiling);
  return fmt::format("{}, sequence {} ({})", to_string(verdict.state), range,
                     to_string(verdict.certainty));
}

StoreTag tag_of(const Digest& digest) { return {{digest.begin(), digest.end()}}; }

/// What the store says of itself; never what a journal said of it.
StoreFacts facts_of(const Head& head, const Digest& digest) {
  const bool nothing = head == Head{};
  return {nothing ? StoreContent::holds_nothing : StoreContent::holds_data, tag_of(digest),
          head.sequence};
}

struct Opened {
  MessageStore store;
  Journal journal;
};

Opened open_both(const Options& options) {
  // For people only: what the journal says alone, as an operator's tool sees it.
  const auto examination = must(storemark::examine(options.directory));
  say(options, "journal alone: {}", describe(examination.verdict));

  MessageStore store(options.directory);
  const Head head = store.head();
  const Digest digest = options.check_messages ? store.recomputed_digest() : head.digest;
  say(options, "store holds {} messages, sequence {}, digest {}", head.messages, head.sequence,
      to_string(digest));

  storemark::Options journal_options;
  journal_options.interval = options.interval;
  Journal journal = must(Journal::open(options.directory, facts_of(head, digest), journal_options));
  say(options, "journal and store: {}", describe(journal.verdict()));
  for (const std::string& why : journal.verdict().why) say(options, "  {}", why);

  // The lock came with the journal: another process may have been at work until then.
  if (store.head() != head) throw std::runtime_error("the store changed while it was opened");
  if (digest != head.digest && !options.open_only && options.update_from.empty()) {
    throw std::runtime_error("the messages are not those that the store took in; take an update");
  }
  return {std::move(store), std::move(journal)};
}

/// Passes over the lines that the store holds. Before activation, so that the wrong text does not
/// cost a clean store its state. False if asked to stop.
bool skip_existing(LineSource& source, const Head& head) {
  Digest digest{};
  std::string line;
  for (std::uint64_t number = 0; number < head.messages; ++number) {
    switch (source.next(line)) {
      case LineSource::Got::stop:
        return false;
      case LineSource::Got::end:
        return true;  // too short to be compared, and nothing in it is new
      case LineSource::Got::line:
        digest = chain(digest, line);
    }
  }
  if (digest == head.digest) return true;
  throw std::runtime_error(fmt::format(
      "the input is another text: its first {} lines are not the store's messages", head.messages));
}

WritePermit activate(const Options& options, Journal& journal, MessageStore& store) {
  // An operator's mark lifted the journal's count above the stores that this one replaces. The
  // store follows after the activation, which consumes the mark; killed between, it follows next
  // time.
  const std::uint64_t held = store.head().sequence;
  const std::uint64_t sequence = std::max(held, journal.record().mark_raised);
  const storemark::View view = local_view(journal, options.directory, options.members);
  WritePermit permit = must(journal.activate(view, sequence));
  if (sequence != held) {
    store.raise_sequence(sequence);
    say(options, "an operator's mark raised the sequence from {} to {}", held, sequence);
  }

  std::string members;
  for (const auto& member : view.members) members += (members.empty() ? "" : ",") + member.label;
  say(options, "active in view {} of {}, from sequence {}", to_string(view.id), members, sequence);
  return permit;
}

/// Every line is an event, until the end of the input or a signal.
void take_in(const Options& options, LineSource& source, Pace& pace, MessageStore& store,
             WritePermit& permit) {
  std::uint64_t sequence = store.head().sequence;
  std::string line;
  while (source.next(line) == LineSource::Got::line && pace.wait()) {
    ++sequence;
    must(permit.reserve(sequence));  // before it is applied: the ceiling covers it
    store.append(line);              // durable on return
    must(options.every_event ? permit.write_sequence(sequence) : permit.note(sequence));
  }
}

void finish(const Options& options, Journal& journal, MessageStore& store, WritePermit&& permit) {
  const Head head = store.head();
  if (!options.shutdown) {
    must(permit.write_sequence(head.sequence));
    say(options, "stopped at {} messages, sequence {}: left dirty", head.messages, head.sequence);
    return;
  }
  store.sync();
  must(journal.mark_clean(
      std::move(permit),
      {.final = *options.shutdown, .sequence = head.sequence, .tag = tag_of(head.digest)}));
  say(options, "shut down at {} messages, sequence {}: clean, final UUID {}", head.messages,
      head.sequence, to_string(*options.shutdown));
}

void run(const Options& options) {
  const StopSignal stop;  // before the journal starts its thread
  auto [store, journal] = open_both(options);
  if (options.initial) must(journal.found(*options.initial));
  if (!options.update_from.empty()) {
    store = take_update(journal, std::move(store), options.directory, options.update_from);
    say(options, "updated from {}: {} messages, sequence {}", name_of(options.update_from),
        store.head().messages, store.head().sequence);
  }
  if (options.open_only) return;

  LineSource source(options.input, stop);
  if (options.skip_existing && !skip_existing(source, store.head())) {
    return say(options, "stopped before it was activated: nothing is changed");
  }
  WritePermit permit = activate(options, journal, store);
  Pace pace(options.rate, stop);
  take_in(options, source, pace, store, permit);
  finish(options, journal, store, std::move(permit));
}

void dump(const Options& options) {
  MessageStore(options.directory, Access::read).for_each([](std::string_view message) {
    std::fwrite(message.data(), 1, message.size(), stdout);
    std::fputc('\n', stdout);
  });
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    throw std::runtime_error("cannot write the messages");
}

int exit_status(storemark::Errc code) {
  switch (code) {
    case storemark::Errc::wrong_state:
    case storemark::Errc::discard_only:
      return 4;
    case storemark::Errc::store_lost:
    case storemark::Errc::store_hollow:
    case storemark::Errc::journal_damaged:
    case storemark::Errc::journal_future:
      return 6;
    case storemark::Errc::in_use:
      return 7;
    default:
      return 1;
  }
}

int guarded_main(const Options& options) {
  try {
    options.dump ? dump(options) : run(options);
    return 0;
  } catch (const JournalError& error) {
    say(options, "{}", error.what());
    return exit_status(error.code());
  } catch (const std::exception& error) {
    say(options, "{}", error.what());
    return 1;
  }
}

}  // namespace
}  // namespace store_module

int main(int argc, char** argv) {
  const auto parsed = store_module::parse_options(argc, argv);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  return store_module::guarded_main(std::get<store_module::Options>(parsed));
}

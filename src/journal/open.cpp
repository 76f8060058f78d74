// SPDX-License-Identifier: Apache-2.0
#include "journal/open.hpp"

#include <cerrno>

#include "journal/core.hpp"
#include "journal/create.hpp"
#include "journal/errors.hpp"
#include "journal/heal.hpp"
#include "journal/io_errors.hpp"

namespace storemark {
namespace {

constexpr auto not_opened = "the journal could not be opened";
constexpr std::chrono::hours longest_interval{24 * 366};

Result<void> check_facts(const StoreFacts& facts) {
  const auto refuse = [](std::string why) {
    return fail(Errc::invalid_argument, not_opened, "facts", std::move(why),
                "ask the store itself what it holds");
  };
  if (facts.sequence && *facts.sequence > max_sequence) {
    return refuse("the store's sequence is beyond all counting");
  }
  if (facts.content == StoreContent::holds_nothing && facts.sequence.value_or(0) > 0) {
    return refuse("the store cannot hold nothing and have a sequence");
  }
  if (facts.tag && (facts.tag->bytes.empty() || facts.tag->bytes.size() > max_tag_bytes)) {
    return refuse("a store tag has 1 to 32 bytes");
  }
  return {};
}

std::string first_of(const std::vector<std::string>& why) {
  return why.empty() ? std::string("see `storemark examine --slots`") : why.front();
}

/// The diagnoses under which nothing may be written.
Result<void> refuse_diagnosis(const Verdict& verdict, const std::string& path) {
  const auto refuse = [&](Errc code, const char* todo) {
    return fail(code, not_opened, path, first_of(verdict.why), todo);
  };
  // The operator has given this store up: only an update can follow, and it needs the journal.
  const bool discarded = verdict.record && verdict.record->discard;
  switch (verdict.diagnosis) {
    case Diagnosis::none:
      return {};
    case Diagnosis::absent:
      return refuse(Errc::journal_absent, "check the path");
    case Diagnosis::lost:
      if (discarded) return {};
      return refuse(Errc::store_lost,
                    "bring the journal back, or tell what the store is: `storemark adopt`");
    case Diagnosis::hollow:
      if (discarded) return {};
      return refuse(Errc::store_hollow,
                    "bring the store back (is its volume mounted?), or let it be updated: "
                    "`storemark discard`");
    case Diagnosis::damaged:
      return refuse(Errc::journal_damaged, "`storemark verify --repair`, or `storemark adopt`");
    case Diagnosis::future:
      return refuse(Errc::journal_future, "use the newer storemark that wrote it");
    case Diagnosis::foreign:
      return refuse(Errc::not_a_journal, "move away what stands there");
  }
  return {};
}

/// No file: a new store gets one, any other has lost it.
Result<std::unique_ptr<SlotFile>> create_or_refuse(Environment& environment,
                                                   const StoreFacts& facts) {
  Verdict verdict;
  verdict.diagnosis =
      facts.content == StoreContent::holds_data ? Diagnosis::lost : Diagnosis::absent;
  verdict.why.emplace_back(verdict.diagnosis == Diagnosis::lost
                               ? "the store holds data, and its journal is missing"
                               : "there is no journal");
  if (facts.content != StoreContent::holds_nothing) {
    return tl::unexpected(refuse_diagnosis(verdict, environment.path).error());
  }
  return create_journal(environment, first_record(environment));
}

Result<std::unique_ptr<SlotFile>> open_or_create(Environment& environment,
                                                 const StoreFacts& facts) {
  auto file = environment.directory->open(io::Access::read_write);
  if (file) return std::make_unique<SlotFile>(std::move(*file));
  if (file.error().code == ENOENT) {
    auto created = create_or_refuse(environment, facts);
    if (created || created.error().code != Errc::journal_exists) return created;
    // Another opener was quicker: what it made is there now, and most likely in use.
    file = environment.directory->open(io::Access::read_write);
    if (file) return std::make_unique<SlotFile>(std::move(*file));
  }
  return tl::unexpected(to_error(file.error(), not_opened, environment.path));
}

}  // namespace

Result<void> Core::look(const StoreFacts& facts) {
  Looked& looked = looked_.emplace();
  const auto evidence = slots_->read_all(&looked.raw);
  if (!evidence) {
    return tl::unexpected(to_error(evidence.error(), not_opened, environment_.path));
  }
  looked.reading = recovery::read(*evidence, facts);
  verdict_ = looked.reading.verdict;
  if (auto refused = refuse_diagnosis(verdict_, environment_.path); !refused) return refused;
  if (looked.reading.write_forbidden) {
    return fail(Errc::journal_future, not_opened, environment_.path,
                "a newer storemark wrote it with a feature that this one may only read",
                "use the newer one");
  }
  const Record& record = *verdict_.record;
  if (facts.sequence && *facts.sequence > record.ceiling &&
      *facts.sequence - record.ceiling > options_.jump_bound) {
    return fail(Errc::jump_too_large, not_opened, environment_.path,
                "the store says it holds " + std::to_string(*facts.sequence) +
                    " events, its journal counted to " + std::to_string(record.ceiling),
                "check how the store counts; Options::jump_bound sets the bound");
  }
  return {};
}

Record Core::record_after_settling() {
  return looked_ ? healed_record(looked_->reading) : record();
}

Result<void> Core::settle() {
  Looked looked = std::move(*looked_);
  looked_.reset();
  if (looked.reading.as_made) {
    // Whoever made it may have been killed before its name was durable.
    if (const auto synced = environment_.directory->sync(); !synced) {
      return tl::unexpected(to_error(synced.error(), not_opened, environment_.path));
    }
  }
  if (auto healed = heal(looked); !healed) return healed;
  if (auto recorded = record_facts(looked.reading); !recorded) return recorded;
  update_left_nothing_ =
      verdict_.state == StoreState::empty && current_.state == StoreState::updating;
  verdict_.record = current_;
  verdict_.unsettled = false;
  return {};
}

Result<void> Core::record_facts(const recovery::Reading& reading) {
  // A heal that wrote a new record has said it already.
  if (!reading.facts_are_new || reading.healing == recovery::Healing::new_record) return {};
  Record next = current_;
  next.floor = verdict_.floor;
  next.ceiling = verdict_.ceiling;
  next.unproven = false;
  return transition(std::move(next));
}

Result<std::shared_ptr<Core>> look_only(Environment environment, const StoreFacts& facts,
                                        const Options& options) {
  if (auto sane = check_facts(facts); !sane) return tl::unexpected(sane.error());
  if (options.interval.count() < 0 || options.interval > longest_interval) {
    return fail(Errc::invalid_argument, not_opened, environment.path,
                "Options::interval is negative, or longer than a year", "zero means: no clock");
  }
  auto slots = open_or_create(environment, facts);
  if (!slots) return tl::unexpected(slots.error());
  const std::shared_ptr<Core> core(new Core(std::move(environment), options, std::move(*slots)),
                                   Core::give_up);
  if (auto looked = core->look(facts); !looked) return tl::unexpected(looked.error());
  return core;
}

Result<std::shared_ptr<Core>> open_core(Environment environment, const StoreFacts& facts,
                                        const Options& options) {
  auto core = look_only(std::move(environment), facts, options);
  if (!core) return core;
  if (auto settled = (*core)->settle(); !settled) return tl::unexpected(settled.error());
  return core;
}

}  // namespace storemark

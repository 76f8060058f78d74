// SPDX-License-Identifier: Apache-2.0
#include "driver/members.hpp"

namespace storemark::test {
namespace {

struct NoProgress : UpdateProgress {
  void report(std::uint64_t, std::uint64_t) override {}
  [[nodiscard]] bool cancelled() const override { return false; }
};

}  // namespace

MembersTest::One& MembersTest::add(const std::string& name, std::uint32_t wait_for) {
  One& one = all_[name];
  one.name = name;
  one.wait_for = wait_for;
  one.directory = root_.path() / name;
  std::filesystem::create_directory(one.directory);
  return one;
}

void MembersTest::start(One& one) {
  one.broker = std::make_unique<SmallBroker>(one.disk, exchange_);
  const StoreFacts facts = real::must(one.broker->look());
  DriverOptions options;
  options.label = one.name;
  options.wait_for = one.wait_for;
  options.quorum = one.quorum;
  options.journal.interval = {};
  one.group = hub_.join(one.name);
  one.member = std::make_unique<driver::Member>(driver::Member::Parts{
      options, *one.broker, *one.group,
      real::must(Journal::open(one.directory, facts, options.journal)), facts, new_uuid});
}

void MembersTest::kill(One& one) {
  one.member.reset();
  one.group.reset();
}

bool MembersTest::deliver() {
  bool moved = false;
  for (auto& [name, one] : all_) {
    if (!one.member || one.member->stopped()) continue;
    const auto count = one.group->dispatch(*one.member, 100);
    moved = moved || (count && *count > 0);
    one.member->settle();
  }
  return moved;
}

bool MembersTest::run_task(One& one) {
  if (!one.member) return false;
  const auto task = one.member->next_task();
  if (!task) return false;
  NoProgress progress;
  one.member->task_done(task->number, driver::run_task(*one.broker, *task, progress));
  one.member->settle();
  return true;
}

void MembersTest::run() {
  for (bool moved = true; moved;) {
    moved = deliver();
    for (auto& [name, one] : all_) moved = run_task(one) || moved;
  }
}

void MembersTest::publish(One& one, std::uint64_t token, const std::string& event) {
  real::must(one.member->publish(
      {reinterpret_cast<const std::uint8_t*>(event.data()), event.size()}, token));
  one.member->settle();
}

void MembersTest::found(const std::vector<std::string>& names) {
  for (const std::string& name : names) add(name, static_cast<std::uint32_t>(names.size()));
  for (const std::string& name : names) start(all_.at(name));
  run();
  for (const std::string& name : names) ASSERT_TRUE(all_.at(name).member->ready()) << name;
}

Examination MembersTest::journal_of(const One& one) const {
  return real::must(examine(one.directory));
}

Record MembersTest::record_of(const One& one) const { return *journal_of(one).verdict.record; }

}  // namespace storemark::test

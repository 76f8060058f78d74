// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/scripted_daemon.hpp"

#include <algorithm>

#include "group/corosync/bundle.hpp"
#include "group/corosync/envelope.hpp"

namespace storemark::corosync_group {

using Lock = std::unique_lock<std::mutex>;

class ScriptedDaemon : public Daemon {
 public:
  explicit ScriptedDaemon(Script& script) : script_(script) {}
  ~ScriptedDaemon() override {
    const Lock lock(script_.mutex_);
    script_.destroyed_ = true;
    script_.changed_.notify_all();
  }

  Answer join(const std::string& /*group*/, DaemonListener& listener) override {
    listener_ = &listener;
    Lock lock(script_.mutex_);
    const Answer out = script_.enter(Call::join, lock);
    if (out != Answer::done) return out;
    script_.members_ = {Script::self};
    script_.push(DaemonListener::Processes{script_.members_, {}, {{Script::self, false}}});
    script_.push(RingId{1, 4});
    return out;
  }
  [[nodiscard]] std::string complaint() const override { return "as the script has it"; }
  [[nodiscard]] Facts facts() const override {
    const Lock lock(script_.mutex_);
    return {Script::self, Script::max_message + 20, script_.has_quorum_,
            script_.event_bell_.descriptor(), script_.quorum_bell_.descriptor()};
  }

  Answer take_event() override {
    Lock lock(script_.mutex_);
    const Answer out = script_.enter(Call::take_event, lock);
    if (out != Answer::done) return out;
    if (script_.events_.empty()) return Answer::again;
    const Script::Event event = std::move(script_.events_.front());
    script_.events_.pop_front();
    if (script_.events_.empty()) script_.event_bell_.hush();
    lock.unlock();
    tell(event);
    return out;
  }
  Answer take_quorum() override {
    Lock lock(script_.mutex_);
    const Answer out = script_.enter(Call::take_quorum, lock);
    const auto words = std::exchange(script_.quorum_, {});
    script_.quorum_bell_.hush();
    lock.unlock();
    for (const auto& word : words) listener_->quorum(word.seq, word.quorate);
    return out;
  }
  Answer count_departures(std::uint64_t& out) override {
    Lock lock(script_.mutex_);
    const Answer answer = script_.enter(Call::count_departures, lock);
    out = script_.departures_;
    return answer;
  }
  Answer leave() override {
    Lock lock(script_.mutex_);
    const Answer out = script_.enter(Call::leave, lock);
    if (out == Answer::done) {
      std::erase(script_.members_, Script::self);
      script_.push(DaemonListener::Processes{script_.members_, {{Script::self, false}}, {}});
    }
    return out;
  }
  void close() override {
    Lock lock(script_.mutex_);
    static_cast<void>(script_.enter(Call::close, lock));
  }

  Answer multicast(ByteView head, ByteView body) override {
    Lock lock(script_.mutex_);
    const Answer out = script_.enter(Call::multicast, lock);
    if (out != Answer::done || script_.swallows_) return out;
    Bytes bytes(head.begin(), head.end());
    bytes.insert(bytes.end(), body.begin(), body.end());
    const auto opened = std::get<Opened>(open_envelope(bytes));
    const bool agrees = script_.other_ && opened.type == MessageType::agree;
    if (opened.type == MessageType::data) ++script_.data_taken_;
    if (opened.type == MessageType::bundle) script_.data_taken_ += unbundle(opened.body)->size();
    const Bytes alike = agrees ? bytes : Bytes();
    Script::Message message{Script::self, std::move(bytes)};
    if (script_.holds_) {
      script_.held_.push_back(std::move(message));
    } else {
      script_.push(std::move(message));
    }
    if (agrees) script_.push(Script::Message{*script_.other_, alike});
    return out;
  }
  void interrupt() noexcept override {
    const Lock lock(script_.mutex_);
    script_.interrupted_ = true;
    script_.changed_.notify_all();
  }

 private:
  void tell(const Script::Event& event) {
    if (const auto* message = std::get_if<Script::Message>(&event)) {
      listener_->message(message->from, message->bytes);
    } else if (const auto* change = std::get_if<DaemonListener::Processes>(&event)) {
      listener_->processes(*change);
    } else {
      listener_->ring(std::get<RingId>(event));
    }
  }

  Script& script_;
  DaemonListener* listener_ = nullptr;
};

Script::Script() : event_bell_(Bell::make().value()), quorum_bell_(Bell::make().value()) {}

std::unique_ptr<Daemon> Script::daemon() { return std::make_unique<ScriptedDaemon>(*this); }

Answer Script::enter(Call call, Lock& lock) {
  ++made_[call];
  changed_.notify_all();
  if (frozen_ == call && !interrupted_) {
    in_frozen_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return frozen_ != call || (interrupted_ && call != Call::join); });
  }
  if (interrupted_) return Answer::gone;
  auto& answers = answers_[call];
  if (!answers.empty()) {
    const Answer out = answers.front();
    answers.pop_front();
    return out;
  }
  const auto always = always_.find(call);
  return always == always_.end() ? Answer::done : always->second;
}

void Script::answer(Call call, Answer answer, std::size_t times) {
  const Lock lock(mutex_);
  answers_[call].insert(answers_[call].end(), times, answer);
}

void Script::answer_always(Call call, Answer answer) {
  const Lock lock(mutex_);
  always_[call] = answer;
  event_bell_.ring();
}

void Script::freeze(Call call) {
  const Lock lock(mutex_);
  frozen_ = call;
  in_frozen_ = false;
}

void Script::thaw() {
  const Lock lock(mutex_);
  frozen_.reset();
  changed_.notify_all();
}

void Script::wait_until_frozen() {
  Lock lock(mutex_);
  changed_.wait(lock, [&] { return in_frozen_; });
}

void Script::wait_until_destroyed() {
  Lock lock(mutex_);
  changed_.wait(lock, [&] { return destroyed_; });
}

void Script::wait_for(Call call, std::size_t times) {
  Lock lock(mutex_);
  changed_.wait(lock, [&] { return made_[call] >= times; });
}

void Script::push(Event event) {
  events_.push_back(std::move(event));
  event_bell_.ring();
}

void Script::message(Address from, ByteView bytes) {
  const Lock lock(mutex_);
  push(Message{from, Bytes(bytes.begin(), bytes.end())});
}

void Script::processes(DaemonListener::Processes change) {
  const Lock lock(mutex_);
  members_ = change.members;
  push(std::move(change));
}

void Script::comes(Address who) {
  const Lock lock(mutex_);
  members_.push_back(who);
  other_ = who;
  push(DaemonListener::Processes{members_, {}, {{who, false}}});
}

void Script::ring(const RingId& ring) {
  const Lock lock(mutex_);
  push(ring);
}

void Script::quorum(std::uint64_t seq, bool quorate) {
  const Lock lock(mutex_);
  quorum_.push_back({seq, quorate});
  quorum_bell_.ring();
}

void Script::hold() {
  const Lock lock(mutex_);
  holds_ = true;
}

void Script::release() {
  const Lock lock(mutex_);
  holds_ = false;
  for (Message& message : std::exchange(held_, {})) push(std::move(message));
}

void Script::departs() {
  const Lock lock(mutex_);
  ++departures_;
}

void Script::set_quorum_configured() {
  const Lock lock(mutex_);
  has_quorum_ = true;
}

void Script::swallow() {
  const Lock lock(mutex_);
  swallows_ = true;
}

std::size_t Script::data_taken() const {
  const Lock lock(mutex_);
  return data_taken_;
}

std::size_t Script::made(Call call) const {
  const Lock lock(mutex_);
  const auto found = made_.find(call);
  return found == made_.end() ? 0 : found->second;
}

std::size_t Script::untaken() const {
  const Lock lock(mutex_);
  return events_.size();
}

}  // namespace storemark::corosync_group

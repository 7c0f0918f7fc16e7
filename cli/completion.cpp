#include "cli/completion.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <string_view>

#include "cli/codes.h"
#include "cli/context.h"
#include "cli/output/words.h"
#include "common/model/information_model.h"

namespace onyx::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kAnswerMax{200};

bool is_flag(const Argument& argument) { return argument.names.front() == '-'; }

bool has_name(const Argument& argument, const std::string& name) {
  const std::string names = "," + argument.names + ",";
  return names.find("," + name + ",") != std::string::npos;
}

// The next word is its value.
bool takes_word(const Argument& argument) {
  return !std::holds_alternative<bool*>(argument.target) && argument.bare.empty();
}

bool may_repeat(const Argument& argument) {
  return std::holds_alternative<std::vector<std::string>*>(argument.target);
}

void set(const Argument& argument, const std::string& value) {
  if (auto* const* text = std::get_if<std::string*>(&argument.target)) **text = value;
  if (auto* const* texts = std::get_if<std::vector<std::string>*>(&argument.target)) {
    (*texts)->push_back(value);
  }
}

// One that a shell takes as one word without quotes, and a terminal prints as it is.
bool is_plain(const std::string& word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c >= 0x80 ||
           std::string_view("-_.:/+@%,=").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

class Walk {
 public:
  Walk(const Command& root, const std::vector<Argument>& globals) : at_(&root), globals_(globals) {}

  // False: what was typed so far means nothing.
  bool pass(const std::string& word) {
    if (wants_ != nullptr) {
      set(*wants_, word);
      wants_ = nullptr;
    } else if (word == "--" && !is_over_) {
      is_over_ = true;
    } else if (!is_over_ && word.size() > 1 && word.front() == '-') {
      return pass_flag(word);
    } else if (!at_->children.empty()) {
      at_ = child(word);
      return at_ != nullptr;
    } else {
      ++positionals_;
    }
    return true;
  }

  Completion finish(const std::string& word) {
    Completion completion;
    completion.beginning = word;
    if (wants_ != nullptr) {
      describe(*wants_, completion);
    } else if (!is_over_ && word.size() > 1 && word.front() == '-' &&
               word.find('=') != std::string::npos) {
      const std::size_t equals = word.find('=');
      const Argument* flag = find(word.substr(0, equals));
      completion.before = word.substr(0, equals + 1);
      completion.beginning = word.substr(equals + 1);
      if (flag != nullptr) describe(*flag, completion);
    } else if (!is_over_ && !word.empty() && word.front() == '-') {
      add_flags(completion);
    } else if (!at_->children.empty()) {
      add_children(completion);
    } else if (const Argument* argument = positional()) {
      describe(*argument, completion);
    }
    return completion;
  }

 private:
  const Command* child(const std::string& word) const {
    for (const Command& child : at_->children) {
      if (child.name == word ||
          std::find(child.aliases.begin(), child.aliases.end(), word) != child.aliases.end()) {
        return &child;
      }
    }
    return nullptr;
  }

  const Argument* find(const std::string& name) const {
    for (const auto* arguments : {&at_->arguments, &globals_}) {
      for (const Argument& argument : *arguments) {
        if (is_flag(argument) && has_name(argument, name)) return &argument;
      }
    }
    return nullptr;
  }

  const Argument* positional() const {
    std::size_t left = positionals_;
    for (const Argument& argument : at_->arguments) {
      if (is_flag(argument)) continue;
      if (left == 0 || may_repeat(argument)) return &argument;
      --left;
    }
    return nullptr;
  }

  bool pass_flag(const std::string& word) {
    if (word.rfind("--", 0) == 0) {
      const std::size_t equals = word.find('=');
      const std::string name = word.substr(0, equals);
      const Argument* flag = find(name);
      if (flag == nullptr) return name == "--help";
      if (equals != std::string::npos) {
        set(*flag, word.substr(equals + 1));
      } else if (takes_word(*flag)) {
        wants_ = flag;
      }
      return true;
    }
    for (std::size_t i = 1; i < word.size(); ++i) {
      const Argument* flag = find(std::string("-") + word[i]);
      if (flag == nullptr) return word[i] == 'h';
      if (!takes_word(*flag)) continue;
      if (i + 1 == word.size()) {
        wants_ = flag;
      } else {
        set(*flag, word.substr(i + 1));
      }
      return true;
    }
    return true;
  }

  static void describe(const Argument& argument, Completion& completion) {
    completion.placeholder = is_flag(argument) ? argument.value : argument.names;
    for (const std::string& choice : argument.choices)
      completion.candidates.push_back({choice, {}});
  }

  void add_flags(Completion& completion) const {
    for (const auto* arguments : {&at_->arguments, &globals_}) {
      for (const Argument& argument : *arguments) {
        if (!is_flag(argument)) continue;
        // The long name, which says what it is.
        completion.candidates.push_back(
            {argument.names.substr(argument.names.rfind(',') + 1), argument.help});
      }
    }
    completion.candidates.push_back({"--help", "What the command does, and its flags"});
  }

  void add_children(Completion& completion) const {
    for (const Command& child : at_->children) {
      completion.candidates.push_back({child.name, child.summary});
      if (completion.beginning.empty()) continue;
      for (const std::string& alias : child.aliases) {
        completion.candidates.push_back({alias, child.summary});
      }
    }
  }

  const Command* at_;
  const std::vector<Argument>& globals_;
  const Argument* wants_ = nullptr;  // a flag whose value comes next
  std::size_t positionals_ = 0;
  bool is_over_ = false;  // "--" was there: no more flags
};

// Short as everywhere, unless more has been typed.
std::string id_word(const std::string& id, const std::string& beginning) {
  const std::string brief = short_id(id);
  return beginning.size() > brief.size() ? id : brief;
}

void add_jobs(Client& client, Completion& completion) {
  const auto jobs = client.list_jobs();
  if (!jobs) return;
  for (const api::JobView& job : *jobs) {
    const std::string state(word(job.ref.state));
    completion.candidates.push_back({job.ref.name, state});
    completion.candidates.push_back({id_word(job.ref.id.text(), completion.beginning),
                                     job.ref.name.empty() ? state : job.ref.name + ", " + state});
  }
}

void add_groups(Client& client, Completion& completion) {
  const auto groups = client.list_groups();
  if (!groups) return;
  for (const api::GroupView& group : *groups) {
    completion.candidates.push_back(
        {id_word(group.id.text(), completion.beginning),
         group.host.empty() ? group.state : group.host + ", " + group.state});
    completion.candidates.push_back({group.host, group.state});
  }
}

void add_peers(Client& client, Completion& completion) {
  const auto peers = client.list_peers();
  if (!peers) return;
  for (const api::PeerView& peer : *peers) {
    completion.candidates.push_back({id_word(peer.id.text(), completion.beginning),
                                     peer.task.empty() ? peer.state : peer.task});
  }
}

void add_of_daemon(Context& context, Completion& completion, void (*add)(Client&, Completion&)) {
  const auto deadline = steady_clock::now() + kAnswerMax;
  const auto left = [&] {
    return std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
  };
  for (const std::string& address : context.addresses()) {
    if (left().count() <= 0) return;
    // Half of it to connect, at most: the call's time is counted from its own start.
    Client client(address, left() / 2);
    if (!client.connect()) continue;
    add(client, completion);
    return;
  }
}

}  // namespace

Completion complete(const Command& root, const std::vector<Argument>& globals,
                    const std::vector<std::string>& words) {
  Walk walk(root, globals);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (!walk.pass(words[i])) return {};
  }
  return walk.finish(words.empty() ? "" : words.back());
}

void add_known(Context& context, Completion& completion) {
  const std::string& what = completion.placeholder;
  if (what == "JOB") add_of_daemon(context, completion, add_jobs);
  if (what == "GROUP") add_of_daemon(context, completion, add_groups);
  if (what == "PEER") add_of_daemon(context, completion, add_peers);
  if (what == "KEY") {
    for (const model::ModelKey* key : model::all_keys()) {
      completion.candidates.push_back({":" + std::string(key->key), std::string(key->type_text)});
    }
  }
  if (what == "CODE") {
    for (const model::ErrorCodeDoc& code : explained_codes()) {
      completion.candidates.push_back({std::string(code.code), std::string(code.title)});
    }
  }
}

std::string print(const Completion& completion) {
  const bool is_file = completion.placeholder == "FILE" || completion.placeholder == "PATH";
  std::string out = is_file ? "files\n" : "words\n";
  std::vector<std::string> seen;
  for (const Candidate& candidate : completion.candidates) {
    if (candidate.word.rfind(completion.beginning, 0) != 0 || !is_plain(candidate.word)) continue;
    if (std::find(seen.begin(), seen.end(), candidate.word) != seen.end()) continue;
    seen.push_back(candidate.word);
    std::string text = candidate.text;
    for (char& c : text) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    out += completion.before + candidate.word + "\t" + text + "\n";
  }
  return out;
}

}  // namespace onyx::cli

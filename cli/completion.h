// What may stand where the cursor is, for the scripts of `onyxctl completion`: the hidden command `onyxctl __complete WORD…`.
//
// Shape:   a walk over the command tree and the global flags, as app.cpp makes the command line of them. What a value is,
//          its placeholder in the help says: JOB, GROUP, PEER, KEY, CODE, FILE, PATH.
// Errors:  none. Words that make no sense, or a daemon that does not answer, leave nothing to offer.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace onyx::cli {

class Context;

struct Candidate {
  std::string word;
  std::string text;  // about it, one line; may be empty
};

struct Completion {
  std::string beginning;  // of the value that is typed
  std::string before;     // stands in the same word before the value: "--output="
  std::string placeholder;
  std::vector<Candidate> candidates;
};

// `words`: what stands after the program's name, the last of them being typed (it may be empty). Values of flags before it
// are written to the flags' targets.
Completion complete(const Command& root, const std::vector<Argument>& globals,
                    const std::vector<std::string>& words);

// Adds what the placeholder stands for; asks the daemon of the context's options, which has 200 ms for all of it.
void add_known(Context& context, Completion& completion);

// First a line "files" when names of files fit as well, else "words"; then a line a candidate: the word, a tab, the text.
std::string print(const Completion& completion);

}  // namespace onyx::cli

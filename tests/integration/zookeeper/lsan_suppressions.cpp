// The C client forgets some of its own completions when it is closed with requests under way (ZOOKEEPER-2894).

extern "C" const char* __lsan_default_suppressions();

extern "C" const char* __lsan_default_suppressions() {
  return "leak:zoo_a\nleak:add_completion\nleak:queue_session_event\n";
}

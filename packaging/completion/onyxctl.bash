# bash completion of onyxctl; every word comes from `onyxctl __complete`.
_onyxctl() {
  local line=${COMP_LINE:0:COMP_POINT} cur taken kind candidate
  local -a words
  read -ra words <<<"$line"
  if [[ $line == *[[:space:]] ]]; then words+=(""); fi
  # Before it may stand VARIABLE=value, or sudo.
  while ((${#words[@]})) && [[ ${words[0]##*/} != "${1##*/}" ]]; do words=("${words[@]:1}"); done
  COMPREPLY=()
  ((${#words[@]} > 1)) || return 0
  cur=${words[${#words[@]} - 1]}
  taken=${cur%"${cur##*[=:]}"}  # bash begins a new word after = and :
  {
    read -r kind
    while IFS=$'\t' read -r candidate _; do COMPREPLY+=("${candidate#"$taken"}"); done
  } < <("${words[0]/#\~\//$HOME/}" __complete "${words[@]:1}" 2>/dev/null)
  if [[ $kind == files ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "${cur#"$taken"}")
  fi
}
complete -F _onyxctl onyxctl

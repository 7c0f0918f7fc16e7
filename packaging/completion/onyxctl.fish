# fish completion of onyxctl; every word comes from `onyxctl __complete`.
function __onyxctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l lines (command $program __complete $words "$current" 2>/dev/null)
    set -l kind $lines[1]
    set -e lines[1]
    printf '%s\n' $lines
    if test "$kind" = files
        __fish_complete_path "$current"
    end
end
complete -c onyxctl -f -a '(__onyxctl_complete)'

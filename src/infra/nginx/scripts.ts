/** Exit codes of the scripts below. */
export const SCRIPT_EXIT = { refused: 65, missing: 66, unwritten: 67, stale: 68, claimed: 75 } as const

/** What the name of a file ends with that was compressed by gzip and written in base64. */
export const PACKED = '.packed'

// Every generation that knows the same upstreams now leads to one color, so that old workers and new ones change
// at the same request. One whose table differs is left alone: its way to that color may not exist. Who leads last says so
// before: whoever waits to look after what an earlier move left has nothing more to do.
const LEAD = `
lead() {
  echo "$1 $$" > moved
  over=
  for generation in generations/*; do
    [ -r "$generation/table" ] || continue
    read -r table < "$generation/table"
    read -r active < "$generation/active"
    [ "$table" = "$2" ] || continue
    for color in blue green; do
      mark="$generation/leads-to-$color"
      if [ "$color" = "$1" ] && [ "$active" != "$1" ]; then true > "$mark" || return 1
      elif [ -e "$mark" ]; then over="$over $mark"
      fi
    done
  done
  [ -z "$over" ] || rm -f $over
}
`

const PAUSE = `
pause() { sleep "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))"; }
`

// Where the generation says so, the workers that it makes old end one after the other: after a time of quiet, each
// after an equal share of what is left of the drain time. It outlives the program; nginx, process 1, is its parent.
const RELOAD = `${PAUSE}
end_in_turn() {
  over="$2"
  pause "$1"
  while :; do
    left=
    for worker in $old; do
      grep -qs 'is shutting[ ]down' "/proc/$worker/cmdline" && left="$left $worker"
    done
    set -- $left
    [ $# -gt 0 ] || return 0
    share=$((over / $#))
    over=$((over - share))
    pause "$share"
    grep -qs 'is shutting[ ]down' "/proc/$1/cmdline" && kill -TERM "$1"
  done
}
reload() {
  old=
  if [ -r "$1/spread" ]; then
    old="$(grep -ls 'worker[ ]process' /proc/[0-9]*/cmdline | cut -d / -f 3)"
    read -r quiet over < "$1/spread"
  fi
  kill -HUP 1 || return 1
  [ -n "$old" ] || return 0
  # An exec ends 2 s late while somebody holds its streams; ash keeps those that a call redirects.
  (exec < /dev/null > /dev/null 2>&1; end_in_turn "$quiet" "$over") &
}
`

/**
 * Arguments: app, folder, color, table, and \`install\` or \`test\`; then files of the generation, piece by
 * piece, each as its path under the configuration root and what comes next in it, packed or not. Files that no argument
 * may carry were put before. Nothing changes unless nginx accepts the candidate beside the other apps' current sites.
 * Only sh, mv, rm and what nginx's own images have.
 */
export const INSTALL = `${LEAD}${RELOAD}
app="$1" folder="$2" color="$3" table="$4" aim="$5"
shift 5
new="generations/$folder"
unwritten() {
  df -Pk /etc/verdigris | tail -n 1
  rm -rf "/etc/verdigris/sites/$app/$new"
  exit ${SCRIPT_EXIT.unwritten}
}
cd /etc/verdigris || exit 70
while [ $# -gt 1 ]; do
  { [ -d "\${1%/*}" ] || mkdir -p "\${1%/*}"; } && printf %s "$2" >> "$1" || unwritten
  shift 2
done
cd "sites/$app" || exit 70
for packed in "$new"/*${PACKED}; do
  [ -e "$packed" ] || continue
  base64 -d < "$packed" | gunzip > "\${packed%${PACKED}}" && rm "$packed" || unwritten
done
for site in ../*/current/site.conf; do
  if [ -e "$site" ] && [ "$site" != "../$app/current/site.conf" ]; then
    echo "include /etc/verdigris/sites/\${site#../};"
  fi
done > "$new/candidate.conf"
echo "include /etc/verdigris/sites/$app/$new/site.conf;" >> "$new/candidate.conf"
nginx -t -q -c "/etc/verdigris/sites/$app/$new/test.conf" || { rm -rf "$new" "next-$folder"; exit ${SCRIPT_EXIT.refused}; }
if [ "$aim" = test ]; then rm -rf "$new" "next-$folder"; exit 0; fi
lead "$color" "$table"
was="$(readlink current)"
ln -sfn "$new" "next-$folder" && mv -T "next-$folder" current || exit 71
case "$(readlink ../../nginx.conf)" in
  sites/*/current/nginx.conf) ;;
  *) ln -sfn "sites/$app/current/nginx.conf" ../../next.conf && mv -T ../../next.conf ../../nginx.conf || exit 71 ;;
esac
reload "$new" || exit 72
# Old workers look for marks in their own generation's folder, those most of all that do not know yet that they are old;
# only requests they already have outlive many more.
keep=6
grep -qs 'is shutting[ ]down' /proc/[0-9]*/cmdline && keep=50
ls generations | sort -rn | tail -n +$keep | while read -r old; do
  case "generations/$old" in "$new" | "$was") ;; *) rm -rf "generations/$old" ;; esac
done
exit 0
`

/**
 * Arguments: app, generation, color, table, the color before; then, where what is long ends with the drain time, after how
 * many ms it counts as long, and the addresses that it leads to, as /proc/net/tcp has them, joined by \`|\`. No reload:
 * marks move every worker at one instant, and nginx finds them again when it starts. A generation that is not current,
 * or not as it was installed, is left alone. nginx begins anew only for what is long, so that it ends with the workers that were.
 */
export const MOVE = `${LEAD}${PAUSE}
end_long() {
  pause "$1"
  [ "$(cat moved)" = "$3" ] || return 0
  grep -qE " ($2):[0-9A-F]+ 01 " /proc/net/tcp || return 0
  kill -HUP 1
}
cd "/etc/verdigris/sites/$1" || exit 70
case "$(readlink current)" in
  generations/"$2"-*) ;;
  *) exit ${SCRIPT_EXIT.stale} ;;
esac
cd current && sha256sum -c sums > /dev/null 2>&1 || exit ${SCRIPT_EXIT.stale}
cd ..
# Marks are empty: they often find a place where nothing else does.
if ! lead "$3" "$4"; then
  lead "$5" "$4"
  df -Pk /etc/verdigris | tail -n 1
  exit ${SCRIPT_EXIT.unwritten}
fi
[ -n "$7" ] || exit 0
(exec < /dev/null > /dev/null 2>&1; end_long "$6" "$7" "$3 $$") &
exit 0
`

/** Arguments: addresses as above. Writes how many connections lead there. */
export const LEFT = `grep -cE " ($1):[0-9A-F]+ 01 " /proc/net/tcp`

/** Arguments: app. Writes where its link leads, then the name of each file that is not as it was installed. */
export const CHANGED = `
cd "/etc/verdigris/sites/$1" 2> /dev/null && readlink current || echo
for name in nginx.conf site.conf site.json; do [ -e "current/$name" ] || echo "$name"; done
[ ! -e current/sums ] || (cd current && sha256sum -c sums 2> /dev/null) | sed -n 's/: FAILED.*$//p'
cmp -s current/nginx.conf ../../nginx.conf || echo nginx.conf
`

/** Arguments: app, generation, color. Its newest folder becomes current and leads to that color again. */
export const REINSTATE = `${LEAD}${RELOAD}
cd "/etc/verdigris/sites/$1" || exit 70
target=
for folder in generations/"$2"-*; do [ -r "$folder/table" ] && target="$folder"; done
[ -n "$target" ] || exit ${SCRIPT_EXIT.missing}
read -r own_table < "$target/table"
lead "$3" "$own_table"
# It may never have ceased to be.
[ "$(readlink current)" != "$target" ] || exit 0
ln -sfn "$target" "back-$2" && mv -T "back-$2" current || exit 71
reload "$target"
`

/** Tells a container that was made to be told that nginx is to start. */
export const GO = 'USR1'

/**
 * The mark that nginx is to wait, in the root of the configuration, and where the container finds it. It names the container:
 * one that was given up leaves it behind for the next, whose hostname, as Docker gives it, is another.
 */
export const WAIT_MARK = 'wait'
const WAIT_PATH = '/etc/verdigris/wait'

/**
 * How the container starts: arguments are nginx and its words. Where the mark says so, nginx waits to be told: on a
 * network that leads nowhere it would look names up that nobody there knows, get no answer, and ask again after 5 s
 * (ngx_resolver.c, resend_timeout). Beside it an agent runs what is written to the container's input, a line each: mark,
 * id, a script packed into one word, end. What does not unpack whole is no script: parts of two lines can look like one.
 * It answers on stderr: mark, id, exit code, and what the script wrote, in base64; short enough that no other line comes
 * between (pipe(7), PIPE_BUF). Asked for `ready` it says so: who asks knows that what comes next is read now. nginx goes
 * before it where both want a processor, if the image has `renice`.
 */
export const START = `
is_to_wait() {
  read -r whom < ${WAIT_PATH} && read -r self < /etc/hostname || return 1
  [ "\${whom#"$self"}" != "$whom" ]
}
is_to_wait 2> /dev/null && { trap : ${GO}; sleep 31536000 & wait $!; kill $!; rm ${WAIT_PATH}; }
exec 3<&0 < /dev/null
agent() {
  claim=
  while read -r mark id word end; do
    case "$mark $end $id" in
      'verdigris end '*[!0-9a-f]*) continue ;;
      'verdigris end '?*) ;;
      *) continue ;;
    esac
    if [ "$word" = ready ]; then
      echo "verdigris $id ready" >&2
      continue
    fi
    script="$(printf %s "$word" | base64 -d 2> /dev/null | gunzip 2> /dev/null)" || continue
    [ "$claim" != "/run/verdigris-$id" ] || continue
    rm -f "$claim" 2> /dev/null
    claim="/run/verdigris-$id"
    (set -C; : > "$claim") 2> /dev/null || continue
    output="$(printf '%s\\n' "$script" | sh 2>&1)"
    exit_code=$?
    [ -z "$output" ] || output="$(printf %s "$output" | tail -c 2048 | base64 | tr -d '\\n')"
    echo "verdigris $id $exit_code $output" >&2
  done
}
agent <&3 3<&- &
renice -n 10 -p $! > /dev/null 2>&1
exec 3<&- "$@"
`

/** Arguments: id, program. Runs it unless the agent has claimed it. */
export const CLAIM = `
claim="/run/verdigris-$1"
shift
(set -C; : > "$claim") 2> /dev/null || [ ! -e "$claim" ] || exit ${SCRIPT_EXIT.claimed}
exec "$@"
`

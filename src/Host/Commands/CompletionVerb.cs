using System.CommandLine;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>
/// <c>completion SHELL</c>: scripts that ask the program itself, through its <c>[suggest]</c>
/// directive.
/// </summary>
internal sealed class CompletionVerb : IVerb
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            # orchestrator completion bash > /etc/bash_completion.d/orchestrator, or: source <(orchestrator completion bash)
            _orchestrator() {
              local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}"
              local typed="${line##* }" word="${COMP_WORDS[COMP_CWORD]}"
              if [ "$word" = "=" ]; then word=""; fi
              # What the shell has split off at a sign of COMP_WORDBREAKS is no part of the reply.
              local before="${typed%"$word"}"
              COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$typed"))
              COMPREPLY=("${COMPREPLY[@]#"$before"}")
              if [ ${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$word")); fi
              case "${COMPREPLY[*]}" in *[.=]) compopt -o nospace;; esac
            }
            complete -o filenames -F _orchestrator orchestrator
            """,
        ["zsh"] = """
            # source <(orchestrator completion zsh)
            _orchestrator() {
              local -a words_found
              words_found=("${(@f)$(orchestrator "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
              words_found=(${words_found:#})
              if (( ${#words_found} )); then compadd -- $words_found; else _files; fi
            }
            compdef _orchestrator orchestrator
            """,
        ["fish"] = """
            # orchestrator completion fish > ~/.config/fish/completions/orchestrator.fish
            function __orchestrator_complete
              set -l line (commandline -cp)
              orchestrator "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
            end
            complete -c orchestrator -a '(__orchestrator_complete)'
            """,
        ["powershell"] = """
            # orchestrator completion powershell | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName orchestrator -ScriptBlock {
              param($word, $line, $position)
              orchestrator "[suggest:$position]" "$line" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }
            """,
    };

    public Command Build()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Prints a completion script for a shell.\n\nExample:\n  source <(orchestrator completion bash)") { shell };
        command.SetAction(parsed =>
        {
            Terminal.Line(Scripts[parsed.GetValue(shell)!]);
            return ExitCodes.Ok;
        });
        return command;
    }
}

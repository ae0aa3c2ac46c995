using System.CommandLine;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>When checkpoints are written, for processes that another one starts.</summary>
internal sealed class CheckpointOptions
{
    private const string SecondsName = "--checkpoint-seconds";
    private const string UpdatesName = "--checkpoint-updates";
    private const string SparingName = "--checkpoint-sparing";

    private readonly Option<double?> seconds = NumberOptions.Seconds(SecondsName, "", CheckpointRule.DefaultSeconds);
    private readonly Option<long?> updates = new(UpdatesName);
    private readonly Option<bool> sparing = new(SparingName);

    /// <summary>A rule as arguments.</summary>
    public static string[] Arguments(CheckpointRule rule) =>
    [
        SecondsName, FormattableString.Invariant($"{rule.Seconds ?? 0}"), UpdatesName, FormattableString.Invariant($"{rule.Updates ?? 0}"),
        .. rule.IsSparing ? new[] { SparingName } : [],
    ];

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[seconds, updates, sparing])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The rule; 0 is never.</summary>
    public CheckpointRule Read(ParseResult parsed) => new(
        parsed.GetValue(seconds) is > 0 and var time ? time : null, parsed.GetValue(updates) is > 0 and var count ? count : null, parsed.GetValue(sparing));
}

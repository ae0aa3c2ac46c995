using System.CommandLine;
using Orchestrator.Abstractions;

using Orchestrator.Runs;
namespace Orchestrator.Host;

/// <summary>The options of <c>run</c> about worker hosts.</summary>
internal sealed class HostOptions
{
    private const int Most = 256;

    private readonly Option<int?> hosts = new("--hosts")
    {
        Description = $"Worker hosts to start on this machine, 0 to {Most}; they share the threads. For the transports shared-memory and tcp.",
        HelpName = "n",
    };

    private readonly Option<string?> listen = new("--listen")
    {
        Description = "Where worker hosts of other machines may join: ADDRESS:PORT of this machine. Makes a certificate and a token file.",
        HelpName = "address:port",
    };

    private readonly Option<string?> tokenFile = new("--token-file")
    {
        Description = "Where the token is written that worker hosts need; by default a place of this user's, which the run names.",
        HelpName = "file",
    };

    private readonly Option<string?> certificate = new("--certificate")
    {
        Description = "A PEM file with certificate and key to use instead of a new one.",
        HelpName = "file",
    };

    public HostOptions() => hosts.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var value) || value is < 0 or > Most))
        {
            result.AddError($"--hosts: '{result.Tokens[0].Value}' is not a number of hosts; 0 to {Most} are allowed.");
        }
    });

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[hosts, listen, tokenFile, certificate])
        {
            command.Options.Add(option);
        }
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="data">Its <c>--data</c>.</param>
    /// <param name="plugins">Its <c>--plugins</c>.</param>
    public HostSettings Read(ParseResult parsed, string? data, string[] plugins) => new(
        parsed.GetValue(hosts),
        new MeetingPlace(parsed.GetValue(listen), parsed.GetValue(tokenFile), parsed.GetValue(certificate)),
        [.. data is null ? [] : new[] { "--data", Path.GetFullPath(data) }, .. plugins.SelectMany(folder => new[] { "--plugins", Path.GetFullPath(folder) })]);
}

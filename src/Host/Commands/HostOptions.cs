using System.CommandLine;
using Orchestrator.Abstractions;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>The options of <c>run</c> about worker hosts.</summary>
internal sealed class HostOptions
{
    private const int Most = 256;

    private readonly Option<int?> hosts = new Option<int?>("--hosts")
    {
        Description = $"Worker hosts to start on this machine, 0 to {Most}; they share the threads. For the transports shared-memory and tcp.",
        HelpName = "n",
    }.Within("a number of hosts", 0, Most);

    private readonly Option<string?> listen = new Option<string?>("--listen")
    {
        Description = "Where worker hosts of other machines may join: ADDRESS:PORT of this machine. Makes a certificate and a token file.",
        HelpName = "address:port",
    }.ThatNames("address");

    private readonly Option<string?> tokenFile = new Option<string?>("--token-file")
    {
        Description = "Where the token is written that worker hosts need; by default a place of this user's, which the run names.",
        HelpName = "file",
    }.ThatNames("file");

    private readonly Option<string?> certificate = new Option<string?>("--certificate")
    {
        Description = "A PEM file with certificate and key to use instead of a new one.",
        HelpName = "file",
    }.ThatNames("file");

    private readonly Option<string?> rendezvous = Rendezvous("Where the run writes how worker hosts find it, for 'worker --rendezvous' on machines that share the file; with its token file, FILE.token, beside it. "
        + "Without --listen any free port of this machine is taken.");

    /// <summary>All addresses of this machine, and any free port.</summary>
    public const string Anywhere = "0.0.0.0:0";

    /// <summary>The option of both ends.</summary>
    public static Option<string?> Rendezvous(string description) => new Option<string?>("--rendezvous") { Description = description, HelpName = "file" }.ThatNames("file");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[hosts, listen, tokenFile, certificate, rendezvous])
        {
            command.Options.Add(option);
        }
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="data">Its <c>--data</c>.</param>
    /// <param name="plugins">Its <c>--plugins</c>.</param>
    public HostSettings Read(ParseResult parsed, string? data, string[] plugins)
    {
        var file = parsed.GetValue(rendezvous);
        var place = new MeetingPlace(parsed.GetValue(listen), parsed.GetValue(tokenFile), parsed.GetValue(certificate));
        return new HostSettings(
            parsed.GetValue(hosts),
            file is null ? place : place with { Address = place.Address ?? Anywhere, TokenFile = place.TokenFile ?? Runs.Rendezvous.TokenOf(file) },
            Forwarded(data, plugins))
        {
            Rendezvous = file,
        };
    }

    /// <summary>What only a run has that is served here, where it is asked for.</summary>
    public string? OnlyHere(ParseResult parsed) =>
        ((Option[])[listen, tokenFile, certificate, rendezvous]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>Where data and plugins lie, for processes that are started elsewhere.</summary>
    public static IReadOnlyList<string> Forwarded(string? data, string[] plugins) =>
        [.. data is null ? [] : new[] { "--data", Path.GetFullPath(data) }, .. plugins.SelectMany(folder => new[] { "--plugins", Path.GetFullPath(folder) })];
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs.Tests;

/// <summary>
/// A run's own worker hosts, started by something else than the program: real processes that the
/// test decides over.
/// </summary>
public sealed class OwnHostsTests : IDisposable
{
    private readonly Laboratory laboratory = new();
    private readonly Listener console = new();

    private string Starts => Path.Combine(laboratory.Folder, "starts");

    [Fact]
    public void HostsThatCannotStart_AreTriedThreeTimes_AndTheRunEndsWithTheirCause()
    {
        var summary = Run(1, "echo 'warning: of no interest' >&2; echo 'error: the disk of this host is gone' >&2; exit 70");

        Assert.Equal(RunStatus.Failed, summary.Status);
        Assert.Equal(3, File.ReadAllLines(Starts).Length);
        Assert.StartsWith(
            "a worker host cannot start, in 3 tries; the last one ended with exit code 70: the disk of this host is gone (version", summary.Message);
    }

    [Fact]
    public void AHostThatCannotStart_CostsTheOthersNothing()
    {
        // The first one starts once the other has been given up.
        var (first, given) = (Path.Combine(laboratory.Folder, "first"), Path.Combine(laboratory.Folder, "given-up"));
        console.Warned = () => File.Create(given).Dispose();
        var summary = Run(2, $"if mkdir {first} 2> /dev/null; then until [ -e {given} ]; do sleep 0.01; done; exec \"$0\" \"$@\"; fi; exit 3");

        Assert.Equal(RunStatus.Completed, summary.Status);
        Assert.Equal(4, File.ReadAllLines(Starts).Length);
        Assert.Contains(console.Warnings, text => text == "a worker host cannot start, in 3 tries; the last one ended with exit code 3: it said nothing");
    }

    [Fact]
    public void AHostThatIsKilledWhileItStarts_IsReplaced()
    {
        var summary = Run(1, $"if [ $(wc -l < {Starts}) -lt 6 ]; then kill -9 $$; fi; exec \"$0\" \"$@\"");

        Assert.Equal(RunStatus.Completed, summary.Status);
        Assert.Equal(6, File.ReadAllLines(Starts).Length);
        Assert.Empty(console.Warnings);
    }

    [Fact]
    public void HostsThatAreKilledAgainAndAgain_AreNotReplacedForEver()
    {
        var summary = Run(1, "kill -9 $$");

        Assert.Equal(20, File.ReadAllLines(Starts).Length);
        Assert.StartsWith("a worker host was lost 20 times without a push between; the last one ended with exit code 137", summary.Message);
    }

    [Fact]
    public void WithNothingThatStartsHosts_TheRunFails_AndSaysSo()
    {
        var pipeline = laboratory.Load(laboratory.Write("\"transport\": \"tcp\""));
        var refusal = Assert.Throws<RunRefusedException>(
            () => new RunSession(pipeline, laboratory.Options).Start(laboratory.Runs, TestContext.Current.CancellationToken));

        Assert.Contains("nothing here can start worker hosts", refusal.Message);
        Assert.False(Directory.Exists(laboratory.Runs));
    }

    public void Dispose() => laboratory.Dispose();

    // The script finds the program in $0 and the host's arguments in $@.
    private RunSummary Run(int hosts, string script)
    {
        Assert.SkipWhen(RuntimeInformation.IsOSPlatform(OSPlatform.Windows), "skipped: the scripts are of Unix");
        var pipeline = laboratory.Load(laboratory.Write("\"transport\": { \"type\": \"tcp\", \"hostWaitSeconds\": 60 }"));
        var options = laboratory.Options with
        {
            Console = console,
            Hosts = new HostSettings(hosts, MeetingPlace.Private, []),
            HostStarter = new HostProcesses(
                arguments => new ProcessStartInfo("/bin/sh", ["-c", $"echo start >> {Starts}; {script}", Laboratory.ProgramFile, .. arguments])),
        };
        return new RunSession(pipeline, options).Start(laboratory.Runs, TestContext.Current.CancellationToken);
    }

    private sealed class Listener : IRunConsole
    {
        private readonly List<string> warnings = [];

        public Action? Warned { get; set; }

        public IReadOnlyList<string> Warnings
        {
            get
            {
                lock (warnings)
                {
                    return [.. warnings];
                }
            }
        }

        public void Note(string text)
        {
        }

        public void Warn(string text)
        {
            lock (warnings)
            {
                warnings.Add(text);
            }

            Warned?.Invoke();
        }

        public IDisposable Show(RunView run) => SilentConsole.Instance;
    }
}

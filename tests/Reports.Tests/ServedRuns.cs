using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.Reports.Tests;

/// <summary><c>serve</c> of a folder of runs, as a process of its own.</summary>
internal sealed class ServedRuns : IDisposable
{
    private readonly Process process;

    /// <param name="output">The folder of all runs.</param>
    /// <param name="arguments">Behind it.</param>
    public ServedRuns(string output, params string[] arguments)
    {
        var start = new ProcessStartInfo(ShortRun.Program, ["serve", output, "--json", "--until-input-ends", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        process = Process.Start(start)!;
        var line = process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.True(line.Wait(TimeSpan.FromMinutes(1)) && line.Result is not null, "It does not serve.");
        using var document = JsonDocument.Parse(line.Result);
        Address = document.RootElement.GetProperty("address").GetString()!;
        TokenFile = document.RootElement.GetProperty("tokenFile").GetString();
    }

    /// <summary>With a slash at its end.</summary>
    public string Address { get; }

    public string? TokenFile { get; }

    /// <summary>MiB.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 >> 20;
        }
    }

    /// <summary>That it has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The page of a run.</summary>
    public string PageOf(string folder) => $"{Address}runs/{Path.GetFileName(Path.GetDirectoryName(folder))}/{Path.GetFileName(folder)}";

    /// <summary>Ends it as a run's end does.</summary>
    public int End()
    {
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), "It does not end.");
        return process.ExitCode;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}

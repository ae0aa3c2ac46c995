using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.Host;

/// <summary>
/// <c>run --watch</c>: the pages of a run or a sweep while it goes on. They are served by another
/// process, which reads the folder: whoever computes neither knows nor waits, and what becomes of
/// the server is a warning at most.
/// </summary>
internal sealed class LiveWatch : IDisposable
{
    // After its own: it comes last on a machine that is busy.
    private static readonly TimeSpan Patience = ServeVerb.LongestEnd + TimeSpan.FromSeconds(5);

    // What is longer is told.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private readonly Terminal terminal;
    private readonly Process? process;
    private readonly TaskCompletionSource<string> page = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task told;

    private LiveWatch(Terminal terminal, string output)
    {
        this.terminal = terminal;
        process = Start(output);
        told = process is null ? Task.CompletedTask : TellAsync(process);
    }

    /// <summary>Asks for it.</summary>
    public static Option<bool> Option() => new("--watch")
    {
        Description = "Serves the report as a live page on this machine while it lasts, and says where; opens no browser. Changes no result.",
    };

    /// <summary>Starts to serve; null where nobody asked.</summary>
    /// <param name="isAsked">Whether somebody did.</param>
    /// <param name="terminal">Where the address is told.</param>
    /// <param name="output">The folder of all runs.</param>
    public static LiveWatch? Begin(bool isAsked, Terminal terminal, string output) => isAsked ? new LiveWatch(terminal, output) : null;

    /// <summary>Tells where the page of a run or a sweep is, as soon as somebody serves it.</summary>
    /// <param name="kind"><c>runs</c> or <c>sweeps</c>.</param>
    /// <param name="folder">Its folder.</param>
    public void Tell(string kind, string folder) =>
        page.TrySetResult($"{kind}/{Uri.EscapeDataString(Path.GetFileName(Path.GetDirectoryName(folder))!)}/{Uri.EscapeDataString(Path.GetFileName(folder))}");

    /// <summary>Lets whoever watches see the end, which takes a moment; where nobody does, none.</summary>
    public void Dispose()
    {
        if (process is null)
        {
            return;
        }

        page.TrySetResult("");
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended.
        }

        if (!process.WaitForExit(Moment))
        {
            terminal.Note("Those who watch are shown the end.");
            if (!process.WaitForExit(Patience))
            {
                terminal.Warn("--watch: the live page does not end; its server is ended.");
                process.Kill();
            }
        }

        told.Wait(Patience);
        process.Dispose();
    }

    private Process? Start(string output)
    {
        try
        {
            Directory.CreateDirectory(output);
            var start = OwnProgram.Command([ServeVerb.Name, output, CommonOptions.JsonName, ServeVerb.UntilInputEndsName]);
            (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
            var started = Process.Start(start)!;
            Yield(started);
            return started;
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or UnauthorizedAccessException)
        {
            terminal.Warn($"--watch: the live page cannot be served: {failure.Message}");
            return null;
        }
    }

    // Computing comes first.
    private static void Yield(Process started)
    {
        try
        {
            started.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            // It may not, or it has ended.
        }
    }

    private async Task TellAsync(Process server)
    {
        var words = server.StandardError.ReadToEndAsync();
        if (await server.StandardOutput.ReadLineAsync() is { } line)
        {
            using var document = JsonDocument.Parse(line);

            // A run that is refused has none.
            if (await page.Task is { Length: > 0 } path)
            {
                terminal.Note($"live page: {document.RootElement.GetProperty("address").GetString()}{path}");
            }

            await words;
        }
        else
        {
            terminal.Warn($"--watch: the live page cannot be served: {(await words).Trim()}");
        }
    }
}

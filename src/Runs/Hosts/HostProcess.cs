using System.Diagnostics;

namespace Orchestrator.Runs;

/// <summary>A worker host that is a process of this machine.</summary>
internal sealed class HostProcess : IStartedHost
{
    private const int MostLines = 5;

    // SIGKILL and SIGTERM; by others a process ends itself.
    private static readonly int[] Kills = [128 + 9, 128 + 15];

    private readonly Process process;
    private readonly Queue<string> said = new();
    private readonly TaskCompletionSource<HostEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HostProcess(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Exited += (_, _) => End();
        process.Start();
        Name = $"{Environment.MachineName}:{process.Id}";
        process.StandardInput.Close();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public string Name { get; }

    public Task<HostEnd> Ended => ended.Task;

    public void Kill() => process.Kill();

    public void Dispose() => process.Dispose();

    private void End()
    {
        // Its last lines too.
        process.WaitForExit();
        var code = process.ExitCode;
        ended.SetResult(new HostEnd(code, Kills.Contains(code), Words()));
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (said)
        {
            said.Enqueue(line.Trim());
            if (said.Count > MostLines)
            {
                said.Dequeue();
            }
        }
    }

    // What is wrong with it, where it says so; warnings before that are of no interest then.
    private string Words()
    {
        const string Error = "error: ";
        lock (said)
        {
            var lines = said.ToList();
            var first = Math.Max(0, lines.FindIndex(line => line.StartsWith(Error, StringComparison.Ordinal)));
            var words = string.Join(' ', lines.Skip(first));
            return words.StartsWith(Error, StringComparison.Ordinal) ? words[Error.Length..] : words;
        }
    }
}

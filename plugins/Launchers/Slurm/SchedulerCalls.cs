using System.Diagnostics;
using Orchestrator.Abstractions;

namespace Orchestrator.Launchers;

/// <summary>
/// Calls of a scheduler's programs, at most one a second from this process: schedulers serve all
/// users of a cluster. One that does not answer for the moment is asked again.
/// </summary>
/// <param name="clock">What seconds are measured by.</param>
internal sealed class SchedulerCalls(TimeProvider clock)
{
    private const int MostTries = 5;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    // Of all launchers of this process.
    private static readonly Lock Gate = new();
    private static long? last;

    // What Slurm says where it is too busy, or being started again.
    private static readonly string[] Passing =
        ["Socket timed out", "Unable to contact slurm controller", "Resource temporarily unavailable", "Slurm temporarily unable", "Transport endpoint is not connected", "Connection refused", "Zero Bytes were transmitted"];

    // What it says where it may have done what it was asked, or not.
    private static readonly string[] Open = ["Socket timed out", "Transport endpoint is not connected", "Zero Bytes were transmitted"];

    /// <summary>What a program prints on standard output.</summary>
    /// <param name="stop">Ends it early.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="LaunchException">It is not there, returned something else than 0, or did
    /// not answer.</exception>
    public string Ask(CancellationToken stop, string program, params string[] arguments) => Call(stop, program, arguments, isOnce: false);

    /// <summary>
    /// As <see cref="Ask"/>, of what must not be done twice: it is not repeated where it may have been
    /// done.
    /// </summary>
    public string Once(CancellationToken stop, string program, params string[] arguments) => Call(stop, program, arguments, isOnce: true);

    private string Call(CancellationToken stop, string program, string[] arguments, bool isOnce)
    {
        for (var attempt = 1; ; attempt++)
        {
            Wait(attempt == 1 ? Between : Between * (1 << attempt), stop);
            var (code, output, error) = Run(program, arguments);
            if (code == 0)
            {
                return output;
            }

            if (isOnce && Says(Open, error))
            {
                throw new LaunchException($"{program}: {error}\nWhether the job was taken is not known: 'squeue --me' shows it; cancel it there before this is submitted again.");
            }

            if (attempt == MostTries || !Says(Passing, error))
            {
                throw new LaunchException($"{program}: {(error.Length > 0 ? error : $"exit code {code}")}");
            }
        }
    }

    private static bool Says(string[] sentences, string error) => sentences.Any(words => error.Contains(words, StringComparison.OrdinalIgnoreCase));

    private void Wait(TimeSpan least, CancellationToken stop)
    {
        lock (Gate)
        {
            if (last is { } before && least - clock.GetElapsedTime(before) is { Ticks: > 0 } left)
            {
                stop.WaitHandle.WaitOne(left);
            }

            stop.ThrowIfCancellationRequested();
            last = clock.GetTimestamp();
        }
    }

    private static (int Code, string Output, string Error) Run(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Longest))
            {
                process.Kill();
                return (1, "", $"it did not answer within {Longest.TotalSeconds:0} s");
            }

            return (process.ExitCode, output.Result.Trim(), error.Result.Trim().ReplaceLineEndings(" / "));
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new LaunchException($"{program} cannot be started: {failure.Message}; is this a machine of the cluster?", failure);
        }
    }
}

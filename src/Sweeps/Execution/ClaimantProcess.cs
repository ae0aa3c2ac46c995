using System.Diagnostics;

namespace Orchestrator.Sweeps;

/// <summary>
/// A claimant as a process. It ends by itself when its standard input does, so it never outlives
/// the one that started it by much.
/// </summary>
internal sealed class ClaimantProcess : IDisposable
{
    private const int LastLines = 6;
    private const int SignalBase = 128;
    private const int Killed = SignalBase + 9;
    private const int Terminated = SignalBase + 15;

    private readonly Process process;
    private readonly Queue<string> said = new();
    private readonly long killsBefore = OutOfMemoryKills.Read();
    private readonly ManualResetEventSlim ended = new();
    private volatile ClaimantMessage? current;
    private volatile bool hasBegun;

    /// <param name="start">How it is started.</param>
    /// <param name="tell">Told what it tells, on threads of the pool.</param>
    /// <param name="over">Told once, when it has ended and all that it told has been heard.</param>
    public ClaimantProcess(ProcessStartInfo start, Action<ClaimantMessage> tell, Action<ClaimantProcess> over)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        _ = Task.Factory.StartNew(() => Listen(tell, over), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public int Id => process.Id;

    /// <summary>The run that it has, and how far that is; null where it has none.</summary>
    public ClaimantMessage? Current => current;

    /// <summary>Whether it has had a run at all.</summary>
    public bool HasBegun => hasBegun;

    public int ExitCode => process.ExitCode;

    /// <summary>How it ended, where it did not end by itself; null where it did.</summary>
    public AttemptEnd? Death => process.ExitCode switch
    {
        Killed or Terminated => OutOfMemoryKills.Read() > killsBefore ? AttemptEnd.Crashed : AttemptEnd.Killed,
        > SignalBase and not ClaimantExit.Stopped => AttemptEnd.Crashed,
        ClaimantExit.NothingLeft or ClaimantExit.Stopped or ClaimantExit.NoRoom or ClaimantExit.OutOfTime or ClaimantExit.NothingFits or ClaimantExit.Edited => null,
        _ => AttemptEnd.Crashed,
    };

    /// <summary>Its last words, in one line.</summary>
    public string LastWords
    {
        get
        {
            lock (said)
            {
                return string.Join(" / ", said);
            }
        }
    }

    /// <summary>Asks it to leave a checkpoint and end.</summary>
    public void Stop()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    /// <summary>Whether it was killed from here.</summary>
    public bool IsKilled { get; private set; }

    public void Kill()
    {
        IsKilled = true;
        process.Kill(entireProcessTree: true);
    }

    public bool WaitForEnd(TimeSpan time) => ended.Wait(time);

    public void Dispose()
    {
        process.Dispose();
        ended.Dispose();
    }

    private void Listen(Action<ClaimantMessage> tell, Action<ClaimantProcess> over)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (ClaimantMessage.Parse(line) is not { } message)
            {
                Keep(line);
                continue;
            }

            current = message.Kind switch
            {
                MessageKind.Began => message,
                MessageKind.Progress => current is { } run ? run with { Share = message.Share } : null,
                MessageKind.Ended => null,
                _ => current,
            };
            hasBegun |= message.Kind == MessageKind.Began;
            tell(message);
        }

        process.WaitForExit();
        over(this);
        ended.Set();
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
            if (said.Count > LastLines)
            {
                said.Dequeue();
            }
        }
    }
}

/// <summary>What a claimant process returns to the one that started it.</summary>
public static class ClaimantExit
{
    /// <summary>Nothing is left to run.</summary>
    public const int NothingLeft = 0;

    /// <summary>The folder of runs cannot be written.</summary>
    public const int NoRoom = 74;

    /// <summary>Its time is over, and work is left.</summary>
    public const int OutOfTime = Abstractions.LaunchRequest.WorkLeft;

    /// <summary>Its time was too short for any run from the beginning.</summary>
    public const int NothingFits = 76;

    /// <summary>A file that runs read was edited.</summary>
    public const int Edited = 77;

    /// <summary>It was told to stop.</summary>
    public const int Stopped = 130;
}

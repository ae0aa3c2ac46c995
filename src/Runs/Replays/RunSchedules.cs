using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Orchestrator.Engine;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>Reads the schedule that a run recorded.</summary>
internal static class RunSchedules
{
    private const int EntryLength = (4 * sizeof(long)) + (2 * sizeof(int));

    /// <summary>As far as the log can have come from a run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="workers">Its number of workers.</param>
    /// <param name="absent">Workers that it is read without.</param>
    /// <param name="digest">Hexadecimal SHA-256 over the schedule, all workers'.</param>
    public static RecordedSchedule Read(string folder, int workers, IReadOnlyCollection<int> absent, out string digest)
    {
        var schedule = new RecordedSchedule(workers, absent);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var rows = RunRows.Schedule(folder);
        Span<byte> entry = stackalloc byte[EntryLength];
        for (var line = 2L; rows.TryRead(out var push); line++)
        {
            if (!schedule.TryAdd(push, out var misfit))
            {
                schedule.Problem = $"updates.csv:{line}: event {push.Event}: {misfit}";
                break;
            }

            BinaryPrimitives.WriteInt64LittleEndian(entry, push.Event);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], push.Gradient);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], push.PulledAt);
            BinaryPrimitives.WriteInt64LittleEndian(entry[24..], push.ArrivedAt);
            BinaryPrimitives.WriteInt32LittleEndian(entry[32..], push.Worker);
            BinaryPrimitives.WriteInt32LittleEndian(entry[36..], push.IsCancelled ? 1 : 0);
            hash.AppendData(entry);
        }

        schedule.Problem ??= rows.Problem;
        using var evaluations = RunRows.Evaluations(folder);
        while (evaluations.TryRead(out var evaluation))
        {
            schedule.Add(evaluation);
        }

        digest = Convert.ToHexStringLower(hash.GetHashAndReset());
        return schedule;
    }

    /// <summary>The whole schedule of a run, to be followed by another.</summary>
    /// <param name="run">The run.</param>
    /// <param name="workers">Its number of workers, as its pipeline has it.</param>
    /// <param name="absent">Its workers that are absent from the one that follows it.</param>
    /// <exception cref="RunRefusedException">The log is damaged, or holds no push, or its workers
    /// wait for each other, so that it is nobody's schedule without one of them.</exception>
    public static (RecordedSchedule Schedule, ScheduleSource Source) Follow(RunEntry run, int workers, IReadOnlyCollection<int> absent)
    {
        if (absent.Count > 0 && FirstWait(run.Folder, workers) is { } wait)
        {
            throw new RunRefusedException($"{run.Folder}: its schedule cannot be followed without worker {string.Join(" and worker ", absent)}: {wait}.");
        }

        var schedule = Read(run.Folder, workers, absent, out var digest);
        if (schedule.Problem is { } problem)
        {
            throw new RunRefusedException($"{run.Folder}: its schedule cannot be followed: {problem}.");
        }

        return schedule.Pushes > 0
            ? (schedule, new ScheduleSource(run.Name, run.Id, run.Attempt, run.Folder, schedule.Pushes, digest))
            : throw new RunRefusedException($"{run.Folder}: its schedule cannot be followed: no push is in its record.");
    }

    // Where a worker pulls at once when its own push has arrived, its times are its own affair.
    private static string? FirstWait(string folder, int workers)
    {
        using var rows = RunRows.Updates(folder);
        var arrivals = new long[workers];
        while (rows.TryRead(out var push))
        {
            if (push.Worker >= 0 && push.Worker < workers)
            {
                if (push.Gradient > 0 && push.PullEvent != arrivals[push.Worker] + 1)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"its workers wait for each other (worker {push.Worker} before event {push.Event}, {rows.Place}), so that the others' times would not stay what they were");
                }

                arrivals[push.Worker] = push.Event;
            }
        }

        return null;
    }
}

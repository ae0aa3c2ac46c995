using System.Diagnostics;
using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

/// <summary>
/// Reads damaged files: each ends in samples that are whole, or in one sentence; never in another
/// exception, in much memory or in much time.
/// </summary>
internal static class Mutations
{
    private const long MostBytes = 256 << 20;
    private const int Cases = 200;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(10);

    /// <summary><c>mutate COUNT [FORMAT...]</c></summary>
    public static int Run(string[] args)
    {
        var count = int.Parse(args[0], CultureInfo.InvariantCulture);
        var formats = HostileFormat.All.Where(format => args.Length == 1 || args.Contains(format.Name)).ToList();
        foreach (var format in formats)
        {
            var (read, refused) = (0, 0);
            var started = Stopwatch.GetTimestamp();
            for (var first = 0; first < count; first += Cases)
            {
                var (r, s) = Of(format, first, Math.Min(Cases, count - first));
                (read, refused) = (read + r, refused + s);
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{format.Name}: {read + refused:#,0} damaged files in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s: {refused:#,0} refused in one "
                    + $"sentence, {read:#,0} read whole"));
        }

        return 0;
    }

    /// <summary>Cases of some numbers; each is the same whenever it is asked for.</summary>
    /// <returns>How many were read, and how many refused.</returns>
    public static (int Read, int Refused) Of(HostileFormat format, int first, int count)
    {
        var (read, refused) = (0, 0);
        for (var number = first; number < first + count; number++)
        {
            using var folder = new TemporaryFolder();
            var dataset = format.Write(new Random(number), folder);
            var (before, started) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            var message = Read(dataset, folder, $"{format.Name} number {number}");
            Require(
                GC.GetAllocatedBytesForCurrentThread() - before < MostBytes,
                $"{format.Name} number {number} takes {GC.GetAllocatedBytesForCurrentThread() - before:#,0} bytes");
            Require(Stopwatch.GetElapsedTime(started) < MostTime, $"{format.Name} number {number} takes {Stopwatch.GetElapsedTime(started)}");
            (read, refused) = message is null ? (read + 1, refused) : (read, refused + 1);
        }

        return (read, refused);
    }

    private static string? Read(IDataset dataset, TemporaryFolder folder, string which)
    {
        try
        {
            var shape = dataset.Describe(folder.Folders);
            var data = dataset.Load(folder.Folders);
            foreach (var (samples, count) in new[] { (data.Train, shape.TrainCount), (data.Test, shape.TestCount) })
            {
                var inputs = new float[samples.Count * shape.SampleLength];
                samples.Gather([.. Enumerable.Range(0, samples.Count)], inputs);
                Require(samples.Count == count && Array.TrueForAll(inputs, float.IsFinite), $"{which} is read, and is not what it was described as");
                Require(
                    samples.Values.Length == count * shape.Values && Array.TrueForAll(samples.Values.ToArray(), float.IsFinite),
                    $"{which} has values that are not as described");
                Require(
                    samples.Labels.Length == (shape.Classes == 0 ? 0 : count) && !samples.Labels.ContainsAnyExceptInRange(0, Math.Max(0, shape.Classes - 1)),
                    $"{which} has labels of no class");
            }

            return null;
        }
        catch (DataException refusal)
        {
            Require(
                refusal.Message.Length is > 20 and < 1000 && !refusal.Message.Any(char.IsControl) && refusal.Message.Contains(": ", StringComparison.Ordinal),
                $"{which} ends in no sentence: {refusal.Message}");
            return refusal.Message;
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.IAssertionException)
        {
            throw new InvalidOperationException($"{which} ends in {failure.GetType().Name}: {failure.Message}", failure);
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            Assert.Fail(otherwise);
        }
    }
}

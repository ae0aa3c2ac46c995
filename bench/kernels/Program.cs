using System.Globalization;
using Orchestrator.Models;

namespace Orchestrator.Kernels;

/// <summary>
/// Our side of compare.py: takes lines "MODEL BATCH COUNT" on standard input, computes that many
/// gradients and answers with the thread's processor time for each, in milliseconds. "path" answers
/// with the kernel path, "peak" with the FMA peak from registers alone, in GFLOP/s; "update LENGTH"
/// with the times of an update and of a plain loop and their ratio, "gather BATCH" with that of a
/// batch of 28x28 images.
/// </summary>
internal static class Program
{
    private static readonly Dictionary<(string Model, int Batch), Subject> Subjects = [];

    private static void Main()
    {
        while (Console.ReadLine() is { } line)
        {
            var answer = line.Split(' ') switch
            {
                ["path"] => VectorPaths.NameOf(VectorPaths.Choose()),
                ["peak"] => FmaPeak.Measure().ToString("F1", CultureInfo.InvariantCulture),
                ["update", var length] => Join(UpdateTimes.Measure(Number(length))),
                ["gather", var batch] => Join([GatherTimes.Measure(Number(batch))]),
                [var model, var batch, var count] => Join(Times(model, Number(batch), Number(count))),
                _ => "?",
            };
            Console.WriteLine(answer);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Join(double[] numbers) => string.Join(' ', numbers.Select(n => n.ToString("F4", CultureInfo.InvariantCulture)));

    private static double[] Times(string model, int batch, int count)
    {
        if (!Subjects.TryGetValue((model, batch), out var subject))
        {
            Subjects.Add((model, batch), subject = new Subject(model, batch));
        }

        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var start = ProcessorTime.Milliseconds();
            subject.Differentiate();
            times[i] = ProcessorTime.Milliseconds() - start;
        }

        return times;
    }
}

// What engine and transports cost beside the gradients: dotnet run -c Release --project
// bench/orchestration [-- SLICES [MS]] LeNet5, batch 32, glyphs, with recorder and digest. The
// reference is two bare loops on two threads: gather, gradient, sgd with momentum, nothing else,
// nothing shared. All sides are there the whole time, warmed up, and one at a time goes on, for a
// slice of half a second: so they are compared within the second in which the machine's speed is
// what it is. Medians, and medians of paired ratios with their quartiles; processor time is of all
// processes.
using System.Globalization;
using Orchestrator.Bench.Orchestration;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["worker", var transport, var address])
{
    TrainingSide.Work(transport, address);
    return;
}

var slices = args.Length > 0 ? int.Parse(args[0]) : 60;
var length = TimeSpan.FromMilliseconds(args.Length > 1 ? int.Parse(args[1]) : 500);
using var parts = new Parts();
(string Name, double? Goal, Side Side, List<Slice> Slices)[] sides =
[
    ("two bare loops", null, new BareLoops(parts), []),
    ("wall clock, W = 2", 0.95, new TrainingSide(parts, "wall", 2, "in-process"), []),
    ("virtual clock, W = 10", 0.93, new TrainingSide(parts, "virtual", 10, "in-process"), []),
    ("wall clock, W = 2, shared-memory", 0.92, new TrainingSide(parts, "wall", 2, "shared-memory"), []),
    ("wall clock, W = 2, tcp", 0.85, new TrainingSide(parts, "wall", 2, "tcp"), []),
];
foreach (var (_, _, side, _) in sides)
{
    side.WarmUp();
}

for (var slice = 0; slice < slices; slice++)
{
    for (var i = 0; i < sides.Length; i++)
    {
        var (_, _, side, done) = sides[(i + slice) % sides.Length];
        done.Add(side.Measure(length));
    }
}

Console.WriteLine($"LeNet5, batch 32; {slices} slices of {length.TotalMilliseconds} ms in turns; {Environment.ProcessorCount} cores, .NET {Environment.Version}, {parts.KernelPath}\n");
Console.WriteLine("| | updates/s | ratio | quartiles | goal | processor time per update, ms | bare / own |\n|---|---:|---:|---|---:|---:|---:|");
var bare = sides[0].Slices;
foreach (var (name, goal, side, done) in sides)
{
    var ratios = done.Zip(bare, (own, beside) => own.Rate / beside.Rate).Order().ToList();
    var cost = done.Sum(s => s.Spent) / done.Sum(s => s.Updates);
    Console.WriteLine(
        $"| {name} | {Quantile([.. done.Select(s => s.Rate).Order()], 0.5):F0} | {Quantile(ratios, 0.5):F3} | {Quantile(ratios, 0.25):F3} .. {Quantile(ratios, 0.75):F3} "
        + $"| {goal:F2} | {cost:F3} | {bare.Sum(s => s.Spent) / bare.Sum(s => s.Updates) / cost:F3} |");
    side.Dispose();
}

static double Quantile(List<double> sorted, double share) => sorted[(int)Math.Round(share * (sorted.Count - 1))];

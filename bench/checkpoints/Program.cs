// What a checkpoint costs: the program itself, which says after a run how many it wrote and how
// long they took, with much more frequent ones than by default.
//   dotnet run -c Release --project bench/checkpoints
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

// As the program has them: between two by default, and the share that makes it longer.
const double DefaultInterval = 60;
const double LargestShare = 0.008;
const int Interval = 2;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var program = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Program").Value!;
var folder = Directory.CreateTempSubdirectory("checkpoints-").FullName;
(string Name, string Model, string Optimizer, int Workers)[] cases =
[
    ("LeNet5, sgd, 4 workers", "lenet5", "sgd", 4),
    ("LeNet5, DANA-Zero, 10 workers", "lenet5", "dana-zero", 10),
    ("CNN, sgd, 4 workers", "cnn", "sgd", 4),
    ("CNN, DANA-Zero, 10 workers", "cnn", "dana-zero", 10),
];

Console.WriteLine("| run | one checkpoint, MB | time of one, ms | written | interval by default, s | share of the time |");
Console.WriteLine("|---|---:|---:|---:|---:|---:|");
foreach (var (name, model, optimizer, workers) in cases)
{
    var pipeline = Path.Combine(folder, "pipeline.json");
    File.WriteAllText(pipeline, $$"""
        {
          "name": "checkpoints", "dataset": { "type": "glyphs", "train": 2000, "test": 100 }, "model": "{{model}}", "clock": "wall",
          "optimizer": { "type": "{{optimizer}}", "learningRate": 0.001, "momentum": 0.9 }, "workers": { "count": {{workers}}, "batchSize": 32 }, "stop": { "seconds": 21 }
        }
        """);
    var output = Run("run", pipeline, "--quiet", "--output", folder, "--checkpoint-seconds", $"{Interval}");
    var told = Regex.Match(output, @"(\d+) checkpoints took ([\d.]+) s");
    var (written, seconds) = (int.Parse(told.Groups[1].Value), double.Parse(told.Groups[2].Value));
    var bytes = Directory.EnumerateFiles(folder, "*.checkpoint", SearchOption.AllDirectories).Max(file => new FileInfo(file).Length);
    var (one, interval) = (seconds / written, Math.Max(DefaultInterval, seconds / written / LargestShare));
    Console.WriteLine($"| {name} | {bytes / 1e6:F1} | {1000 * one:F1} | {written} | {interval:F0} | {100 * one / (one + interval):F2} % |");
    Directory.Delete(Path.Combine(folder, "checkpoints"), recursive: true);
}

Directory.Delete(folder, recursive: true);
return 0;

string Run(params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0 ? output : throw new InvalidOperationException($"The run ended with exit code {process.ExitCode}:\n{output}");
}

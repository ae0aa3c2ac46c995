using System.Diagnostics;

namespace Orchestrator.Models.TorchSharp.Tests;

/// <summary>
/// What PyTorch left for the tests in the folder that ORCHESTRATOR_TORCH_SCRIPTS names, one folder
/// for each version (<c>scripts.py</c>), and Python with a PyTorch, where there is one.
/// </summary>
internal static class PyTorch
{
    private const string None = "none";
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static string? Folder { get; } = Environment.GetEnvironmentVariable("ORCHESTRATOR_TORCH_SCRIPTS");

    /// <summary>At least one; where there is none, one that no test finds.</summary>
    public static IReadOnlyList<string> Versions { get; } = Directory.Exists(Folder) && Directory.GetDirectories(Folder) is { Length: > 0 } found
        ? [.. found.Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]
        : [None];

    public static string Script(string version, string name) => Path.Combine(Folder!, version, $"{name}.pt");

    /// <summary>Skips, with the reason, where libtorch or scripts are missing.</summary>
    public static void Require(string version)
    {
        Torch.Require();
        Assert.SkipWhen(version == None, "skipped: ORCHESTRATOR_TORCH_SCRIPTS names no folder that scripts.py wrote");
    }

    /// <summary>Runs a Python file of this project; skips where Python has no PyTorch.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it prints.</returns>
    public static string Run(string file, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Python) && End(["-c", "import torch"]).Code == 0, "skipped: /usr/bin/python3 has no torch");
        var (code, output, error) = End([Path.Combine(AppContext.BaseDirectory, file), .. arguments]);
        Assert.True(code == 0, error);
        return output;
    }

    private static (int Code, string Output, string Error) End(string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        if (!python.WaitForExit(Patience))
        {
            python.Kill();
            Assert.Fail($"{string.Join(' ', arguments)} did not end within {Patience.TotalSeconds} s.");
        }

        return (python.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}

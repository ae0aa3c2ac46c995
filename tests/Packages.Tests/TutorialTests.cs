using Orchestrator.Composition;
using Orchestrator.Testing;

namespace Orchestrator.Packages.Tests;

/// <summary>
/// docs/tutorial-plugin.md word by word, with the change that its last part speaks of.
/// </summary>
public sealed class TutorialTests(CleanMachine machine)
{
    private const string Pack = "dotnet pack eng/Packages.slnf -c Release -o packages";
    private const string Take = "dotnet msbuild HalfStep.Tests -t:TakeRepacked";
    private const string Refused = "error ORCH001: Packed again since they were taken into NuGet's cache: Orchestrator.Abstractions 0.1.0";
    private const string Taken =
        "Taken anew: Orchestrator.Abstractions 0.1.0, Orchestrator.Networks 0.1.0, Orchestrator.Numerics 0.1.0, Orchestrator.Testing 0.1.0";

    [Fact]
    public void EveryCommand_InItsOrder_Works_AndARepackedPackageIsNeverUsedSilently()
    {
        var stop = TestContext.Current.CancellationToken;
        foreach (var (command, says) in Tutorial.Rest)
        {
            if (command == Pack)
            {
                ChangeTheContracts();
            }

            if (command == Take)
            {
                var (code, refusal) = machine.Shell.Try("dotnet build HalfStep.Tests -c Release", stop);
                Assert.Equal(1, code);
                Assert.Contains(Refused, refusal, StringComparison.Ordinal);
                Assert.Contains("dotnet msbuild -t:TakeRepacked \"", refusal, StringComparison.Ordinal);
            }

            var output = machine.Shell.Run(command, stop);
            Assert.All(says, line => Assert.Contains(Words(line), output.Split('\n').Select(Words)));
            if (command == Take)
            {
                Assert.Contains(Taken, output, StringComparison.Ordinal);

                // Compiles against the new contracts only.
                machine.Shell.Run("echo 'class New { public const int One = Orchestrator.Abstractions.Added.Number; }' > HalfStep/New.cs", stop);
            }
        }

        Assert.Contains("NuGet's cache holds what was packed last.", machine.Shell.Run(Take, stop), StringComparison.Ordinal);
    }

    [Fact]
    public void ItsTable_NamesEveryKind_WithContractAndSuite()
    {
        var suites = typeof(OptimizerContract).Assembly.GetExportedTypes().Select(type => type.Name).ToHashSet();
        Assert.All(Kinds.All, kind =>
        {
            var contract = PluginKinds.All.Single(k => k.Name == kind).Contract.Name;
            Assert.Contains($"\n| `{kind}` | `{contract}` | `{contract[1..]}Contract` |", Tutorial.Text, StringComparison.Ordinal);
            Assert.Contains($"{contract[1..]}Contract", suites);
        });
    }

    // A table's columns are as wide as their contents.
    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private void ChangeTheContracts() => File.WriteAllText(
        Path.Combine(machine.Clone, "src", "Abstractions", "Added.cs"),
        """
        namespace Orchestrator.Abstractions;

        /// <summary>A change of the contracts.</summary>
        public static class Added
        {
            /// <summary>Not there before.</summary>
            public const int Number = 1;
        }

        """);
}

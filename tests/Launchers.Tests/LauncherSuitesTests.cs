using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Launchers.Tests;

/// <summary>Every launcher keeps to the contract of its kind.</summary>
public sealed class LauncherSuitesTests
{
    [Fact]
    public void Every_launcher_has_its_suite() =>
        Assert.Empty(ContractCoverage.Missing<ILauncher>(typeof(Local).Assembly, typeof(LauncherSuitesTests).Assembly));
}

public sealed class LocalSuite : LauncherContract
{
    public override ILauncher Create() => new Local(new LocalOptions(Tasks: 2, Environment: new Dictionary<string, string> { ["A_B"] = "it's" }));
}

public sealed class MpiSuite : LauncherContract
{
    public override ILauncher Create() => new Mpi(new MpiOptions(Tasks: 2));

    public override string? Unavailable => Programs.Find("mpirun") ? null : "mpirun is not here; Debian has it in openmpi-bin";
}

public sealed class SlurmSuite : LauncherContract
{
    public override ILauncher Create() => new Slurm(new SlurmOptions(Time: "10", Memory: "256M"));

    public override string? Unavailable => OwnSlurm.Unavailable;
}

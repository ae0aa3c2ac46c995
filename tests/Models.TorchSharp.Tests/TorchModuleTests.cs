using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models.TorchSharp.Tests;

/// <summary>Modules that users write in C#.</summary>
public sealed class TorchModuleTests
{
    private static readonly string Assembly = typeof(UsersNet).Assembly.Location;
    private static readonly DatasetShape Data = Torch.Images(1, 28, 28);

    [Fact]
    public void Gradient_IsThatOfTheSameNetworkOfOurs()
    {
        Torch.Require();
        var ours = new ManagedBackend().Build(new Mlp([16]).Describe(Data));
        var expected = Torch.Differentiate(ours, Data, 32);
        var module = new TorchModule(new TorchModuleOptions(Assembly, typeof(UsersNet).FullName!)).Build(Data);
        using var replica = module.CreateReplica(32);
        var gradient = new float[module.Layout.Length];

        var loss = replica.Gradient(expected.Parameters, [], new Batch(Torch.Inputs(32, Data), Torch.Labels(32), 32), Torch.Dropout(), gradient, []);

        Assert.Equal(ours.Layout.Parameters.Select(place => place.Length), module.Layout.Parameters.Select(place => place.Length));
        Assert.Equal(["hidden.weight", "hidden.bias", "last.weight", "last.bias"], module.Layout.Parameters.Select(place => place.Name));
        Assert.Equal(expected.Loss, loss, 1e-5);
        Assert.InRange(Torch.RelativeError(expected.Gradient, gradient), 0, 1e-5);
    }

    [Fact]
    public void InitialValues_AreOfTheRunsStream()
    {
        Torch.Require();
        var module = new TorchModule(new TorchModuleOptions(Assembly, typeof(UsersNet).FullName!)).Build(Data);

        float[] Initial(long seed)
        {
            var values = new float[module.Layout.Length];
            module.Initialize(new Numerics.RandomStreams(seed).Open("init"), values, []);
            return values;
        }

        Assert.Equal(Initial(1), Initial(1));
        Assert.NotEqual(Initial(1), Initial(2));
    }

    [Fact]
    public void Parameter_ThatForwardDoesNotUse_HasAGradientOfZero()
    {
        Torch.Require();
        var module = Build<NetWithASpare>();
        var expected = Gradient(Build<UsersNet>(), 32);

        var gradient = Gradient(module, 32);

        var (net, spare) = (gradient[..expected.Length], gradient[expected.Length..]);
        Assert.Equal(["spare.weight", "spare.bias"], module.Layout.Parameters.Select(place => place.Name).TakeLast(2));
        Assert.Equal(expected, net);
        Assert.Equal(new float[8], spare);
    }

    [Theory]
    [InlineData(typeof(NetDetached), "NetDetached fails on a batch of 2 samples: element 0 of tensors does not require grad")]
    [InlineData(typeof(NetSqueezed), "NetSqueezed gives Float32 of shape [10] for one sample; [1, 10] of Float32 is needed")]
    public void Module_ThatCannotBeDifferentiated_IsRefused(Type module, string expected)
    {
        Torch.Require();

        var refused = Assert.Throws<OptionException>(() => Build(module));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Module_ThatFailsLater_IsNamed_AndLeavesNothingBehind()
    {
        Torch.Require();
        var module = Build<NetDetachedLater>();
        using var replica = module.CreateReplica(8);
        var expected = Gradient(module, replica, 2);

        var failure = Assert.Throws<OptionException>(() => Gradient(module, replica, 8));

        Assert.StartsWith($"{typeof(NetDetachedLater).FullName} fails on a batch of 8 samples: element 0 of", failure.Message, StringComparison.Ordinal);
        Assert.Equal(expected, Gradient(module, replica, 2));
    }

    [Fact]
    public void FrozenParameters_StayWhatTheyAre_AndAreNotTrained()
    {
        Torch.Require();
        var module = Build<NetFrozen>();
        var expected = Gradient(Build<UsersNet>(), 32);
        using var replica = module.CreateReplica(32);

        var first = Gradient(module, replica, 32);

        Assert.Equal(["net.last.weight", "net.last.bias"], module.Layout.Parameters.Select(place => place.Name));
        Assert.Equal(expected[^first.Length..], first);
        Assert.Equal(first, Gradient(module, replica, 32));
    }

    [Fact]
    public void Module_OfWhichAllIsFrozen_IsRefused()
    {
        Torch.Require();

        var refused = Assert.Throws<OptionException>(Build<NetFrozenWhole>);

        Assert.Contains("NetFrozenWhole: all 4 parameters are frozen (requires_grad is false)", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Own.Net", "class", "has no class 'Own.Net'; it has")]
    [InlineData("Orchestrator.Models.TorchSharp.Tests.TorchModuleTests", "class", "is no class derived from nn.Module<Tensor, Tensor>")]
    [InlineData("Orchestrator.Models.TorchSharp.Tests.NetOfTwoNumbers", "class", "no public constructor that takes nothing or one int")]
    public void Class_ThatCannotBeMade_IsRefused(string name, string option, string expected)
    {
        Torch.Require();

        var refused = Assert.Throws<OptionException>(() => new TorchModule(new TorchModuleOptions(Assembly, name)).Build(Data));

        Assert.Equal(option, refused.Option);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Assembly_ThatIsNone_IsRefused()
    {
        Torch.Require();

        var refused = Assert.Throws<OptionException>(() => new TorchModule(new TorchModuleOptions("nothing.dll", "Net")).Build(Data));

        Assert.Equal("assembly", refused.Option);
    }

    private static IObjective Build<TModule>() => Build(typeof(TModule));

    private static IObjective Build(Type module) => new TorchModule(new TorchModuleOptions(Assembly, module.FullName!)).Build(Data);

    private static float[] Gradient(IObjective module, int batch)
    {
        using var replica = module.CreateReplica(batch);
        return Gradient(module, replica, batch);
    }

    private static float[] Gradient(IObjective module, IReplica replica, int batch)
    {
        var (parameters, gradient) = (new float[module.Layout.Length], new float[module.Layout.Length]);
        module.Initialize(new SeedOfReplicas(), parameters, []);
        replica.Gradient(parameters, [], new Batch(Torch.Inputs(batch, Data), Torch.Labels(batch), batch), Torch.Dropout(), gradient, []);
        return gradient;
    }

    // Trained parameters begin as constructors draw them for replicas, as frozen ones do anyway.
    private sealed class SeedOfReplicas : Random
    {
        public override long NextInt64() => 0;
    }
}

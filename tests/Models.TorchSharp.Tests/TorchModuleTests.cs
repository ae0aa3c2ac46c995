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
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Orchestrator.Models.TorchSharp.Tests;

/// <summary>
/// A module as a user writes one, in an assembly of the user's: this one. Its parameters are those
/// of an mlp with 16 hidden features.
/// </summary>
public sealed class UsersNet : nn.Module<Tensor, Tensor>
{
    private readonly Linear hidden = nn.Linear(784, 16);
    private readonly Linear last;

    public UsersNet(int classes)
        : base(nameof(UsersNet))
    {
        last = nn.Linear(16, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => last.forward(nn.functional.relu(hidden.forward(input.flatten(1))));
}

/// <summary>One that does something else with the outputs.</summary>
public abstract class NetAround : nn.Module<Tensor, Tensor>
{
    private readonly UsersNet net;

    protected NetAround(int classes)
        : base(nameof(NetAround))
    {
        net = new UsersNet(classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => After(net.forward(input));

    protected abstract Tensor After(Tensor outputs);
}

/// <summary>One with parameters that its forward pass does not use.</summary>
public sealed class NetWithASpare : nn.Module<Tensor, Tensor>
{
    private readonly UsersNet net;
    private readonly Linear spare;

    public NetWithASpare(int classes)
        : base(nameof(NetWithASpare))
    {
        net = new UsersNet(classes);
        spare = nn.Linear(3, 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => net.forward(input);
}

/// <summary>One whose outputs have no graph.</summary>
public sealed class NetDetached(int classes) : NetAround(classes)
{
    protected override Tensor After(Tensor outputs) => outputs.detach();
}

/// <summary>One that takes the dimension of a single sample away.</summary>
public sealed class NetSqueezed(int classes) : NetAround(classes)
{
    protected override Tensor After(Tensor outputs) => outputs.squeeze();
}

/// <summary>One that nothing is wrong with until it gets more samples than it is tried on.</summary>
public sealed class NetDetachedLater(int classes) : NetAround(classes)
{
    protected override Tensor After(Tensor outputs) => outputs.shape[0] > 2 ? outputs.detach() : outputs;
}

/// <summary>
/// One of which the first layer is frozen, and whose forward pass changes it all the same.
/// </summary>
public sealed class NetFrozen : NetAround
{
    public NetFrozen(int classes)
        : base(classes)
    {
        foreach (var (name, parameter) in named_parameters())
        {
            parameter.requires_grad = !name.StartsWith("net.hidden", StringComparison.Ordinal);
        }
    }

    protected override Tensor After(Tensor outputs)
    {
        foreach (var frozen in parameters().Where(parameter => !parameter.requires_grad))
        {
            frozen.mul_(2);
        }

        return outputs;
    }
}

/// <summary>One that has nothing to train.</summary>
public sealed class NetFrozenWhole : NetAround
{
    public NetFrozenWhole(int classes)
        : base(classes)
    {
        foreach (var parameter in parameters())
        {
            parameter.requires_grad = false;
        }
    }

    protected override Tensor After(Tensor outputs) => outputs;
}

/// <summary>One whose constructor takes what nobody gives.</summary>
public sealed class NetOfTwoNumbers(int first, int second) : nn.Module<Tensor, Tensor>($"{first}{second}")
{
    public override Tensor forward(Tensor input) => input;
}

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

/// <summary>One whose constructor takes what nobody gives.</summary>
public sealed class NetOfTwoNumbers(int first, int second) : nn.Module<Tensor, Tensor>($"{first}{second}")
{
    public override Tensor forward(Tensor input) => input;
}

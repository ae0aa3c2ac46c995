using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

[Description("LeNet-5 with rectifiers and max-pooling, 61,706 parameters on 28x28 images.")]
[Plugin("lenet5")]
internal sealed class LeNet5Model(LeNet5 architecture) : NetworkModel(architecture);

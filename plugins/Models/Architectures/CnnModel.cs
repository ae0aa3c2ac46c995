using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

[Description("The EPFL study's CNN, 1.2 million parameters on 28x28 images.")]
[Plugin("cnn")]
internal sealed class CnnModel(Cnn architecture) : NetworkModel(architecture);

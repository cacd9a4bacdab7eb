// Licensed under the MIT License. See LICENSE in the project root for license information.

Console.Error.WriteLine(
    "This example needs the packages Microsoft.Data.Analysis and Microsoft.ML, and was built without one of them.");
return 2;

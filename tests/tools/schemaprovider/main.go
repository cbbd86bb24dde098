// Command schemaprovider serves schema.json, which lies beside it, as a Terraform provider.
//
// It talks to no cloud. Validation sees the provider's true schema; a plan marks what the provider decides as unknown;
// nothing is ever applied or read: tests use mock_provider.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

func main() {
	// Not os.Executable: what runs is a link to one shared program.
	file := filepath.Join(filepath.Dir(os.Args[0]), "schema.json")
	if err := serve(file); err != nil {
		fmt.Fprintln(os.Stderr, file+":", err)
		os.Exit(1)
	}
}

func serve(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var read document
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	schemas, err := read.convert()
	if err != nil {
		return err
	}
	return tf6server.Serve(read.Address, func() tfprotov6.ProviderServer { return &server{schemas: schemas} })
}

// Command client is a small HTTP client around aperture's own client code: the package that loop and pool buy with, and
// in whose token files lnget keeps what it bought. That package speaks gRPC; here its calls are sent as HTTP requests.
//
//	client read FOLDER                     prints the token of the folder as JSON
//	client get FOLDER URL                  sends the folder's token with the request, and never pays
//	client buy FOLDER URL HOST:PORT TLS MACAROONS
//	                                       pays at this lnd where that is asked for, and keeps the token in the folder
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/lightninglabs/aperture/l402"
	"github.com/lightninglabs/lndclient"
	"github.com/lightningnetwork/lnd/lnrpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	callTimeout = 30 * time.Second
	maxCost     = 1000 // satoshi, as aperture's clients have it by default
	maxFee      = 10
)

var errNoPayment = errors.New("payment required, and there is no node to pay with")

type token struct {
	Macaroon    string `json:"macaroon"`
	PaymentHash string `json:"payment_hash"`
	Preimage    string `json:"preimage"`
	AmountMsat  uint64 `json:"amount_msat"`
	FeeMsat     uint64 `json:"fee_msat"`
	CreatedNano int64  `json:"created_ns"`
}

func main() {
	if len(os.Args) < 3 {
		fail(errors.New("usage: client read|get|buy FOLDER …"))
	}
	store, err := l402.NewFileStore(os.Args[2])
	check(err)
	switch {
	case os.Args[1] == "read":
		read(store)
	case os.Args[1] == "get" && len(os.Args) == 4:
		fetch(store, os.Args[3], nil)
	case os.Args[1] == "buy" && len(os.Args) == 7:
		node, err := lndclient.NewLndServices(&lndclient.LndServicesConfig{
			LndAddress:         os.Args[4],
			Network:            lndclient.NetworkRegtest,
			CustomMacaroonPath: filepath.Join(os.Args[6], "admin.macaroon"),
			TLSPath:            os.Args[5],
		})
		check(err)
		defer node.Close()
		fetch(store, os.Args[3], &node.LndServices)
	default:
		fail(errors.New("usage: client read|get|buy FOLDER …"))
	}
}

func read(store *l402.FileStore) {
	found, err := store.CurrentToken()
	check(err)
	raw, err := found.BaseMacaroon().MarshalBinary()
	check(err)
	check(json.NewEncoder(os.Stdout).Encode(token{
		Macaroon:    base64.StdEncoding.EncodeToString(raw),
		PaymentHash: found.PaymentHash.String(),
		Preimage:    found.Preimage.String(),
		AmountMsat:  uint64(found.AmountPaid),
		FeeMsat:     uint64(found.RoutingFeePaid),
		CreatedNano: found.TimeCreated.UnixNano(),
	}))
}

func fetch(store l402.Store, url string, node *lndclient.LndServices) {
	if node != nil {
		node.Client = payer{node.Client, node.Router}
	}
	interceptor := l402.NewInterceptor(node, store, callTimeout, maxCost, maxFee, true)
	send := func(ctx context.Context, _ string, _, _ any, _ *grpc.ClientConn, options ...grpc.CallOption) error {
		return send(ctx, url, node != nil, options)
	}
	check(interceptor.UnaryInterceptor(context.Background(), url, nil, nil, nil, send))
}

// payer pays as lnget does: the way by which lndclient's own PayInvoice pays was taken out of lnd with 0.21.
type payer struct {
	lndclient.LightningClient
	router lndclient.RouterClient
}

func (p payer) PayInvoice(
	ctx context.Context, invoice string, fee btcutil.Amount, _ *uint64,
) chan lndclient.PaymentResult {
	done := make(chan lndclient.PaymentResult, 1)
	states, failures, err := p.router.SendPayment(ctx, lndclient.SendPaymentRequest{
		Invoice: invoice, MaxFee: fee, Timeout: callTimeout,
	})
	if err != nil {
		done <- lndclient.PaymentResult{Err: err}
		return done
	}
	go func() {
		for {
			select {
			case state := <-states:
				switch state.State {
				case lnrpc.Payment_SUCCEEDED:
					done <- lndclient.PaymentResult{
						Preimage: state.Preimage,
						PaidAmt:  state.Value.ToSatoshis(),
						PaidFee:  state.Fee.ToSatoshis(),
					}
					return
				case lnrpc.Payment_FAILED:
					done <- lndclient.PaymentResult{Err: errors.New(state.FailureReason.String())}
					return
				}
			case err := <-failures:
				done <- lndclient.PaymentResult{Err: err}
				return
			}
		}
	}()
	return done
}

// send is one call of the interceptor: its credentials go out as headers, and a 402 comes back as the error and the
// trailers that a gRPC server would have answered with.
func send(ctx context.Context, url string, mayPay bool, options []grpc.CallOption) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	var trailers *metadata.MD
	for _, option := range options {
		switch option := option.(type) {
		case grpc.PerRPCCredsCallOption:
			fields, err := option.Creds.GetRequestMetadata(ctx)
			if err != nil {
				return err
			}
			for name, value := range fields {
				request.Header.Set(name, value)
			}
		case grpc.TrailerCallOption:
			trailers = option.TrailerAddr
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusPaymentRequired {
		if !mayPay {
			return errNoPayment
		}
		*trailers = metadata.MD{}
		trailers.Append(l402.AuthHeader, response.Header.Values(l402.AuthHeader)...)
		return status.Error(l402.GRPCErrCode, l402.GRPCErrMessage)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	_, err = io.Copy(os.Stdout, response.Body)
	return err
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

func fail(why error) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}
